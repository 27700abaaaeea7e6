// RFC 9110 §8.8.3: entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE
const OPAQUE_TAG = /"[\x21\x23-\x7e\x80-\xff]*"/g;

/** Decides whether a caller has already what it asks for. What is no list of entity tags names none.
 *  @param ifNoneMatch value of the field: "*", or entity tags, which are compared weakly
 *  @param entityTag of what there is, a strong one
 *  @see RFC 9110 §13.1.2 */
export function namesEntityTag(ifNoneMatch: string, entityTag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.match(OPAQUE_TAG)?.includes(entityTag) ?? false;
}
