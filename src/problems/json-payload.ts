/** of JSON that goes out as a string */
const MAX_CHARACTERS = 16_384;

/** What JSON is sent as. The runtime puts the head of an answer in front of a string, which makes another one as long, and both
 *  are there until the caller has taken them: hundreds of answers may come to an end at once. Of octets it makes no copy, and
 *  the heap holds none of them. */
export function jsonPayload(json: string): string | Buffer {
  return json.length <= MAX_CHARACTERS ? json : Buffer.from(json);
}
