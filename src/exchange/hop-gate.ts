/** Decides when the hops of one fetch may begin: how many fetches run, and how many at one host, is limited. */
export interface HopGate {
  /** Waits until this fetch may go to a host. What it held at the host before is given back first.
   *  @param host name or address in one spelling, and port: `example.com:80`
   *  @param signal ends the waiting; the promise then resolves although nothing is held
   *  @throws when the fetch may not begin at all; never for a hop that is not the first */
  enter(host: string, signal: AbortSignal): Promise<void>;

  /** Whether what was given is held still. Asked when there is a connection, right before anything is sent: a process
   *  that slept meanwhile may have lost it to others. */
  holds(): boolean;
}
