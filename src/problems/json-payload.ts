/** of JSON that goes out as a string */
const MAX_CHARACTERS = 16_384;

/** What JSON is sent as. The runtime puts the head of an answer in front of a string, which makes another one as long, and
 *  keeps both until the caller has taken them: where hundreds of answers come to an end at once, the heap grew by tens of
 *  megabytes. Of octets it makes no copy. */
export function jsonPayload(json: string): string | Buffer {
  return json.length <= MAX_CHARACTERS ? json : Buffer.from(json);
}
