/** Whether a request asks whether the service lives, or is ready: somebody asks every few seconds, and it is nobody's call.
 *  @param url of its request line */
export function isProbe(url: string): boolean {
  return url.startsWith('/health/');
}
