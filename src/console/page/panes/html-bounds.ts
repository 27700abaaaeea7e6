/** Pages have some thousands of tags. At each a parser may look through all elements that are open, and it cannot be
 *  left: a hundred thousand that pile up would keep it for half a minute. */
const MAX_TAGS = 20_000;

/** @returns as much of the HTML as has not too many tags; what only looks like one counts too */
export function boundedHtml(html: string): string {
  let tags = 0;
  for (const { index } of html.matchAll(/<[a-z]/gi)) if (++tags > MAX_TAGS) return html.slice(0, index);
  return html;
}
