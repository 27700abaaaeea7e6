/** The library has no types of its own. */
declare module 'html-encoding-sniffer' {
  interface Options {
    /** read as XML, not as HTML */
    readonly xml?: boolean;
    /** given back when nothing declares a charset */
    readonly defaultEncoding: null;
  }

  /** @returns the name of the charset that the first octets declare */
  function sniffEncoding(octets: Uint8Array, options: Options): string | null;
  export = sniffEncoding;
}
