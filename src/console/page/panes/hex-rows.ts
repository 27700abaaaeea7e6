/** octets of a row, as xxd has it */
export const HEX_COLUMNS = 16;

/** A row as `xxd` shows it. */
export interface HexRow {
  /** hexadecimal, of the first octet */
  readonly offset: string;
  /** octets in pairs: "4854 5450 2f31" */
  readonly hex: string;
  /** ASCII, a dot for all else */
  readonly characters: string;
}

export function hexRowCount(octets: Uint8Array): number {
  return Math.ceil(octets.length / HEX_COLUMNS);
}

export function hexRow(octets: Uint8Array, row: number): HexRow {
  const start = row * HEX_COLUMNS;
  const shown = octets.subarray(start, start + HEX_COLUMNS);
  let hex = '';
  let characters = '';
  for (const [i, octet] of shown.entries()) {
    if (i > 0 && i % 2 === 0) hex += ' ';
    hex += octet.toString(16).padStart(2, '0');
    characters += octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.';
  }
  return { offset: start.toString(16).padStart(8, '0'), hex, characters };
}
