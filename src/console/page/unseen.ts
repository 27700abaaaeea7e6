/** Characters that have no look of their own, or change that of others: controls, marks of direction, blanks without
 *  width, tags. Whoever reads a text with them reads another. */

const UNSEEN =
  /[\0-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f/gu;

/** @returns the text with something to be seen in the place of each of them */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : '⍰';
  });
}

/** Line ends are seen. */
export function hasUnseen(text: string): boolean {
  return text.replaceAll('\n', '').search(UNSEEN) !== -1;
}

/** @param json in which line ends are between tokens alone
 *  @returns JSON of the same meaning, with each of them escaped */
export function escapedJson(json: string): string {
  return json.replace(UNSEEN, (character) => {
    if (character === '\n') return character;
    return character.length === 1 ? escapeOf(character, 0) : escapeOf(character, 0) + escapeOf(character, 1);
  });
}

function escapeOf(character: string, index: number): string {
  return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
}

/** @returns the text as it can be seen, cut where it is longer than anybody would read
 *  @param most characters */
export function visibleStart(text: string, most: number): string {
  return text.length <= most ? visible(text) : `${visible(text.slice(0, most))}…`;
}
