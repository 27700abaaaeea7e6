/** An element of a page, or its text. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

/** Without content, and closed where they are opened. */
const VOID: ReadonlySet<string> = new Set(['meta', 'link', 'br', 'hr', 'img']);
const TOKEN =
  /<!doctype html>|<\/(?<closed>[a-z][a-z0-9]*)>|<(?<opened>[a-z][a-z0-9]*)(?<attributes>(?:\s+[a-z-]+="[^"<>]*")*)\s*\/?>|(?<text>(?:[^<>&"]|&#\d+;)+)/y;
const ATTRIBUTE = /([a-z-]+)="([^"]*)"/g;

/** Parses a page, more strictly than any browser: every tag is closed in its order, every attribute quoted, and text has no
 *  character that could be markup.
 *  @throws Error telling where it is not so */
export function parsePage(page: string): Element {
  const root: Element & { children: (Element | string)[] } = { name: '', attributes: {}, children: [] };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < page.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(page)?.groups;
    if (groups === undefined) throw new Error(`no markup: ${page.slice(at, at + 80)}`);
    const { closed, opened, attributes = '', text } = groups;
    const within = open.at(-1)!;
    if (text !== undefined) within.children.push(unescaped(text));
    else if (closed !== undefined) {
      if (open.pop()!.name !== closed) throw new Error(`closed, but not open: ${closed}`);
    } else if (opened !== undefined) {
      const element = { name: opened, attributes: attributesOf(attributes), children: [] };
      within.children.push(element);
      if (!VOID.has(opened)) open.push(element);
    }
  }
  if (open.length !== 1) throw new Error(`not closed: ${open.at(-1)!.name}`);
  return root;
}

/** @returns the elements of these names within, in the order of the page */
export function all(within: Element, ...names: readonly string[]): Element[] {
  return within.children.flatMap((child) =>
    typeof child === 'string'
      ? []
      : [...(names.includes(child.name) ? [child] : []), ...all(child, ...names)],
  );
}

/** @returns the text of an element, its blanks as a reader sees them */
export function textOf(element: Element): string {
  const text = (child: Element | string): string =>
    typeof child === 'string' ? child : child.children.map(text).join('');
  return text(element).replace(/\s+/g, ' ').trim();
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name, value]) => [name!, unescaped(value!)]),
  );
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
