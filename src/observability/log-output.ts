import type { LoggerOptions } from 'pino';

/** JSON, pretty when a person has started the service in a terminal. */
export function logOutput(): Pick<LoggerOptions, 'transport'> {
  if (!process.stdout.isTTY) return {};
  const options = { singleLine: true, ignore: 'pid,hostname,context' };
  return { transport: { target: 'pino-pretty', options } };
}
