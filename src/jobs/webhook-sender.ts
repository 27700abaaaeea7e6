import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { FetchRequestPipe } from '../fetch/fetch-request.pipe';
import { SocketFetchService } from '../fetch/socket-fetch.service';
import { Admission } from '../limits/admission';
import type { Database } from '../store/database';
import { nextTryMs, signedHeaders } from './webhook';

const BATCH = 8;
const TOTAL_MS = 15_000;
/** of what is answered nothing is needed but the status */
const MAX_ANSWER_BYTES = 65_536;
/** longer than a try takes: when its sender is gone by then, another tries */
const CLAIM_MS = 60_000;
/** RFC 9110 §15.5.11: nobody wants it any more */
const GONE = 410;

interface Delivery {
  readonly id: string;
  readonly owner: string;
  readonly url: string;
  readonly secret: string;
  readonly event: 'job.completed' | 'job.cancelled';
  readonly payload: string;
  readonly tries: number;
}

/** Tells those who asked for it of the ends of jobs, through the same egress policy as everything, until they have taken it
 *  or eight tries are over. */
@Injectable()
export class WebhookSender {
  constructor(
    @InjectPinoLogger('webhooks') private readonly logger: PinoLogger,
    private readonly reader: FetchRequestPipe,
    private readonly service: SocketFetchService,
    private readonly admission: Admission,
  ) {}

  /** Sends what is due.
   *  @param signal aborts when the service stops; what was not sent is due again a minute later
   *  @returns whether there may be more */
  async send(database: Database, signal: AbortSignal): Promise<boolean> {
    const due = await database.query<Delivery>(TAKE, [BATCH, CLAIM_MS]);
    await Promise.all(due.map((delivery) => this.sendOne(database, delivery, signal)));
    return due.length === BATCH;
  }

  private async sendOne(database: Database, delivery: Delivery, signal: AbortSignal): Promise<void> {
    const status = await this.post(delivery, signal);
    if (signal.aborted) return;
    const isTaken = status !== null && status >= 200 && status < 300;
    const nextMs = isTaken || status === GONE ? null : nextTryMs(delivery.tries + 1);
    const { id, event } = delivery;
    if (nextMs === null) await database.query('DELETE FROM wirefetch.deliveries WHERE id = $1', [id]);
    else await database.query(LATER, [id, nextMs]);
    if (isTaken) this.logger.info({ id, event, status }, 'webhook taken');
    else this.logger.warn({ id, event, status, nextMs }, 'webhook not taken');
  }

  /** @returns the status of the answer; null: there was none */
  private async post(delivery: Delivery, signal: AbortSignal): Promise<number | null> {
    const { id, event, payload, secret, url, owner } = delivery;
    const message = { id, event, at: new Date(), payload };
    try {
      const spec = this.reader.transform({
        url,
        method: 'POST',
        headers: [{ name: 'Content-Type', value: 'application/json' }, ...signedHeaders(secret, message)],
        body: { text: payload },
        timeouts: { totalMs: TOTAL_MS },
        read: { maxBodyBytes: MAX_ANSWER_BYTES },
        // Whom the caller named gets it, and nobody else.
        redirects: { follow: false },
      });
      const ticket = this.admission.ticket();
      const { outcome, memory } = await this.service.perform(spec, owner, signal, async (fetch) => {
        try {
          return await fetch(ticket);
        } finally {
          ticket.leave();
        }
      });
      memory.close();
      return outcome.failure === null ? (outcome.last.head?.status ?? null) : null;
    } catch (error) {
      this.logger.warn({ id, event, reason: (error as Error).message }, 'webhook not sent');
      return null;
    }
  }
}

const TAKE = `
UPDATE wirefetch.deliveries d SET next_at = now() + $2::int * interval '1 millisecond'
WHERE id IN (
  SELECT id FROM wirefetch.deliveries WHERE next_at <= now() ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, owner, url, secret, event, payload, tries`;

const LATER = `
UPDATE wirefetch.deliveries SET tries = tries + 1, next_at = now() + $2::float8 * interval '1 millisecond' WHERE id = $1`;
