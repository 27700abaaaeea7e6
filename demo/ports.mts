/** What the demo listens on. */

export const SERVICE_PORT = 8080;
export const ORIGIN_PORT = 8081;
export const TLS_PORT = 8443;

/** Ends this process, and says which port is to blame, where what needs it fails. */
export function orExit<T>(port: number, starting: Promise<T>): Promise<T> {
  return starting.catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EADDRINUSE' ? 'something listens there already, "npm start" perhaps' : error.message;
    process.stderr.write(`The demo needs port ${port} of 127.0.0.1: ${why}.\n`);
    process.exit(1);
  });
}
