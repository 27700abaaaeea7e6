/** RFC 2253 §2.4: what follows a backslash is part of the value, a comma too; two hexadecimal digits are an octet. */
const COMMON_NAME = /(?:^|(?<!(?<!\\)(?:\\\\)*\\)(?:, |\+))CN=((?:\\[^]|[^,+\\])*)/;
const ESCAPED = /\\([0-9A-Fa-f]{2}|[^])/g;

/** @param subject a distinguished name
 *  @returns what people know a certificate by */
export function commonName(subject: string): string {
  const name = COMMON_NAME.exec(subject)?.[1];
  if (name === undefined || name === '') return subject;
  return name.replace(ESCAPED, (_, escaped: string) =>
    escaped.length === 2 ? String.fromCharCode(Number.parseInt(escaped, 16)) : escaped,
  );
}
