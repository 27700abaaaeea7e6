import type { FieldLine } from '../../http1/events';
import { decodeInSlices, hasCharacters, validateInSlices } from '../../semantics/charset';
import { fieldValues } from '../../semantics/fields';
import { extractMediaType } from '../../semantics/media-type';
import type { LongString } from '../answer-json';
import { SHORT_BYTES, encodeInSlices } from '../body.mapper';
import { charsetFor } from '../content-charset';
import type { HarPostDataDto } from '../dto/har.dto';

/** The content of a request as HAR has it, and what it lacks when it is long: it is then made anew for each entry. */
export interface MappedPostData {
  readonly postData: HarPostDataDto;
  readonly long: LongString | null;
}

/** Maps the content of a request: text where it is shown as such in a response, else base64. It can be left between its steps. */
export function* toPostData(octets: Buffer, headers: readonly FieldLine[]): Generator<void, MappedPostData> {
  const contentTypes = fieldValues(headers, 'content-type');
  const charset = yield* charsetOf(octets, contentTypes);
  const isBase64 = charset === null;
  const mimeType = contentTypes.join(', ');
  const pieces = {
    [Symbol.iterator]: () => (isBase64 ? encodeInSlices(octets, 'base64') : decodeInSlices(octets, charset)),
  };
  const isLong = octets.length > SHORT_BYTES;
  const shown = isLong ? '' : [...pieces].join('');
  // What may be long comes first, where only keys are in front of it.
  return {
    postData: isBase64 ? { _base64: shown, mimeType } : { text: shown, _base64: null, mimeType },
    long: isLong ? { opening: `"postData":{"${isBase64 ? '_base64' : 'text'}":"`, pieces, isBase64 } : null,
  };
}

/** @returns the charset in which all octets are characters; null: they are no text */
function* charsetOf(octets: Buffer, contentTypes: readonly string[]): Generator<void, string | null> {
  const mediaType = extractMediaType(contentTypes);
  const { charset } = charsetFor('auto', { octets, mediaType, decoded: true, cut: false });
  return hasCharacters(charset) && (yield* validateInSlices(octets, charset)) ? charset : null;
}
