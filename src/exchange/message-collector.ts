import type { FieldLine, Informational, ParseWarning, ResponseEvent, ResponseHead } from '../http1/events';
import { ContentCollector, type ContentOptions } from './content-collector';
import type { TransferCoding } from './outcome';

const MAX_WARNINGS = 100;
const MAX_CHUNK_SIZES = 1_000;
const MAX_EXTENSIONS = 1_000;
/** what a field line takes beside its octets */
const LINE_BYTES = 128;

/** Gathers what the parser's events say into one message. */
export class MessageCollector {
  readonly informational: Informational[] = [];
  readonly warnings: ParseWarning[] = [];
  head: ResponseHead | null = null;
  trailers: readonly FieldLine[] = [];
  /** how the message ended, null while it has not */
  endedBy: 'content-length' | 'last-chunk' | 'no-content' | 'close' | 'upgrade' | null = null;
  readonly content: ContentCollector;

  /** of the 1xx responses together */
  informationalBytes = 0;
  informationalLines = 0;

  private warningsOmitted = 0;
  private chunks = 0;
  private readonly chunkSizes: number[] = [];
  private readonly extensions: string[] = [];

  /** @param warned is told each warning that is kept */
  constructor(
    private readonly options: ContentOptions,
    private readonly warned: (warning: ParseWarning) => void = () => undefined,
  ) {
    this.content = new ContentCollector(options, (code, message) =>
      this.warn({ code, message, offset: null }),
    );
  }

  take(event: ResponseEvent): void {
    switch (event.type) {
      case 'informational':
        this.informational.push(event);
        this.informationalBytes += this.holdFields(event.headers);
        this.informationalLines += event.headers.length;
        break;
      case 'head':
        this.head = event;
        this.holdFields(event.headers);
        this.content.begin(event.headers);
        break;
      case 'content':
        this.content.take(event.octets);
        break;
      case 'transfer-chunk':
        this.chunks++;
        if (this.chunkSizes.length < MAX_CHUNK_SIZES) this.chunkSizes.push(event.size);
        this.takeExtension(event.extension);
        break;
      case 'last-chunk':
        this.takeExtension(event.extension);
        break;
      case 'trailers':
        this.trailers = event.fields;
        this.holdFields(event.fields);
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
    if (this.warnings.length === MAX_WARNINGS) {
      this.warningsOmitted++;
      return;
    }
    const warning = { code, message, offset };
    this.warnings.push(warning);
    this.warned(warning);
  }

  /** No more will come.
   *  @returns all warnings, or the first hundred and how many more there were */
  endWarnings(): readonly ParseWarning[] {
    if (this.warningsOmitted === 0) return this.warnings;
    const message = `${this.warningsOmitted} more warnings are not told`;
    const warning = { code: 'warnings-omitted', message, offset: null };
    this.warned(warning);
    return [...this.warnings, warning];
  }

  /** RFC 9112 §7.1, null when the content is not chunked. */
  transferCoding(): TransferCoding | null {
    if (this.head?.framing.kind !== 'chunked') return null;
    const { chunks, chunkSizes: sizes, extensions } = this;
    return { chunks, sizes, extensions, sizesOmitted: chunks - sizes.length };
  }

  /** @returns the octets of a field section */
  private holdFields(fields: readonly FieldLine[]): number {
    const bytes = fields.reduce((sum, { name, value }) => sum + name.length + value.length + 4, 0);
    this.options.memory.hold(bytes + fields.length * LINE_BYTES);
    return bytes;
  }

  private takeExtension(extension: string | null): void {
    if (extension !== null && this.extensions.length < MAX_EXTENSIONS) this.extensions.push(extension);
  }
}
