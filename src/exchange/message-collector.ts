import type { FieldLine, Informational, ParseWarning, ResponseEvent, ResponseHead } from '../http1/events';
import { OctetStore } from './octet-store';
import type { TransferCoding } from './outcome';

const MAX_WARNINGS = 100;
const MAX_CHUNK_SIZES = 1_000;
const MAX_EXTENSIONS = 1_000;

/** Gathers what the parser's events say into one message. */
export class MessageCollector {
  readonly informational: Informational[] = [];
  readonly warnings: ParseWarning[] = [];
  head: ResponseHead | null = null;
  trailers: readonly FieldLine[] = [];
  /** how the message ended, null while it has not */
  endedBy: 'content-length' | 'last-chunk' | 'no-content' | 'close' | 'upgrade' | null = null;
  /** content came that was not to be kept */
  overflowed = false;
  content: OctetStore;

  private warningsOmitted = 0;
  private chunks = 0;
  private readonly chunkSizes: number[] = [];
  private readonly extensions: string[] = [];

  constructor(
    maxBodyBytes: number,
    private readonly keepContent: boolean,
  ) {
    this.content = new OctetStore(maxBodyBytes, keepContent);
  }

  /** Lowers the limit of the content; nothing of it may have come yet. */
  limitContent(maxBodyBytes: number): void {
    this.content = new OctetStore(maxBodyBytes, this.keepContent);
  }

  take(event: ResponseEvent): void {
    switch (event.type) {
      case 'informational':
        this.informational.push(event);
        break;
      case 'head':
        this.head = event;
        break;
      case 'content':
        this.takeContent(event.octets);
        break;
      case 'transfer-chunk':
        this.chunks++;
        if (this.chunkSizes.length < MAX_CHUNK_SIZES) this.chunkSizes.push(event.size);
        if (event.extension !== null && this.extensions.length < MAX_EXTENSIONS)
          this.extensions.push(event.extension);
        break;
      case 'trailers':
        this.trailers = event.fields;
        break;
      case 'warning':
        this.warn(event);
        break;
      case 'end':
        this.endedBy = event.by;
        break;
    }
  }

  warn({ code, message, offset }: ParseWarning): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ code, message, offset });
    else this.warningsOmitted++;
  }

  /** All warnings, or the first hundred and how many more there were. */
  allWarnings(): readonly ParseWarning[] {
    if (this.warningsOmitted === 0) return this.warnings;
    const message = `${this.warningsOmitted} more warnings are not told`;
    return [...this.warnings, { code: 'warnings-omitted', message, offset: null }];
  }

  /** RFC 9112 §7.1, null when the content is not chunked. */
  transferCoding(): TransferCoding | null {
    if (this.head?.framing.kind !== 'chunked') return null;
    const { chunks, chunkSizes: sizes, extensions } = this;
    return { chunks, sizes, extensions, sizesOmitted: chunks - sizes.length };
  }

  private takeContent(octets: Buffer): void {
    const framing = this.head?.framing;
    const expected = framing?.kind === 'content-length' ? framing.length : 0;
    if (!this.content.append(octets, expected)) this.overflowed = true;
  }
}
