import type { FetchEvent } from '../exchange/fetch-listener';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchEventDto } from './dto/fetch-event.dto';
import { toRawHead, toSentRequest, toTimings, toTls } from './fetch-result.mapper';

/** What an event says beside when it was, and of which exchange. */
export type Said<Event> = Event extends FetchEventDto ? Omit<Event, 'atMs' | 'hop'> : never;

/** Maps what happens in a fetch to what its caller is told of it; keys are in the order of its description. */
export function toEvent(
  event: Exclude<FetchEvent, { readonly event: 'content' }>,
  { include }: Pick<FetchSpec, 'include'>,
): Said<FetchEventDto> {
  switch (event.event) {
    case 'resolved':
      return { event: 'resolved', host: event.host, addresses: [...event.addresses] };
    case 'connected':
      return { event: 'connected', ...event.endpoints, attempts: [...event.attempts] };
    case 'secured':
      return { event: 'secured', tls: toTls(event.tls, include.certificates) };
    case 'sent':
      return { event: 'sent', request: toSentRequest(event.request, include) };
    case 'informational': {
      const { status, statusText, headers } = event.response;
      return { event: 'informational', status, statusText, headers: [...headers] };
    }
    case 'head': {
      const { status, statusText, httpVersion, headBytes, rawHead, headers } = event.head;
      return {
        event: 'head',
        status,
        statusText,
        httpVersion,
        headBytes,
        rawHead: toRawHead(rawHead),
        headers: [...headers],
      };
    }
    case 'read':
      return { event: 'read', bytes: event.bytes };
    case 'transfer-chunk':
      return { event: 'transfer-chunk', size: event.size, extension: event.extension };
    case 'warning':
      return { event: 'warning', ...event.warning };
    case 'redirect': {
      const { status, url, timings } = event;
      return { event: 'redirect', status, url: url.href, timings: toTimings(timings, null) };
    }
  }
}
