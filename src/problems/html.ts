/** HTML that may stand on a page as it is. `html` alone makes it, so that nothing gets onto a page unescaped. */
class Markup {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Html = Markup;

/** Tag of templates: what is put in is escaped unless it is HTML already. Attributes have to be quoted. */
export function html(
  { raw }: TemplateStringsArray,
  ...inserts: readonly (string | number | Html | readonly Html[])[]
): Html {
  return new Markup(String.raw({ raw }, ...inserts.map(escaped)));
}

function escaped(insert: string | number | Html | readonly Html[]): string {
  if (typeof insert === 'object') return insert instanceof Markup ? insert.toString() : insert.join('');
  return String(insert).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
