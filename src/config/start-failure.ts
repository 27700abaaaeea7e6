/** @returns why the service cannot start, for its operator; where it cannot listen, with the settings that say where */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, syscall } = error as NodeJS.ErrnoException;
  return syscall === 'listen' ? `${message}; WIREFETCH_HOST and WIREFETCH_PORT say where to listen` : message;
}
