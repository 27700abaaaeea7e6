import type { ResponseHead } from '../http1/events';
import { type CharsetDecision, TextReader, hasCharacters, octetsToDecide } from '../semantics/charset';
import { fieldValues } from '../semantics/fields';
import { type MediaType, extractMediaType } from '../semantics/media-type';
import { charsetFor, shownOctetByOctet } from './content-charset';

const NOTHING = Buffer.alloc(0);

/** The content of a final response that its caller is given piece by piece. Its charset is decided when enough has come;
 *  until then no text is given, and the octets for it are kept. */
export class StreamedContent {
  private readonly mediaType: MediaType | null;
  /** from the first octet on, until the charset is decided */
  private beginning: Buffer = NOTHING;
  private decoded = true;
  private decision: CharsetDecision | null = null;
  private reader: TextReader | null = null;

  /** @param decided told how the content is read, once that is known */
  constructor(
    private readonly as: 'text' | 'base64',
    { headers }: ResponseHead,
    private readonly decided: (decision: CharsetDecision) => void,
  ) {
    this.mediaType = extractMediaType(fieldValues(headers, 'content-type'));
  }

  /** @param octets a view
   *  @param decoded no coding hides them
   *  @returns what they are given as; text as far as it can be told */
  take(octets: Buffer, decoded: boolean): string {
    if (this.decision === null) {
      this.decoded = decoded;
      this.beginning = Buffer.concat([this.beginning, octets]);
      if (this.isDecided) this.decide(true);
    }
    if (this.as === 'base64') return octets.toString('base64');
    if (this.decision === null) return '';
    return this.read(this.beginning.length > 0 ? this.takeBeginning() : octets);
  }

  /** No more will come.
   *  @param cut it may have ended within a character
   *  @returns the text that is left, and how all was read */
  end(cut: boolean): { readonly text: string; readonly decision: CharsetDecision } {
    const decision = this.decision ?? this.decide(cut);
    if (this.as === 'base64') return { text: '', decision };
    return { text: this.read(this.takeBeginning()) + (this.reader?.end() ?? ''), decision };
  }

  private get isDecided(): boolean {
    return !this.decoded || this.beginning.length >= octetsToDecide(this.beginning, this.mediaType);
  }

  private decide(cut: boolean): CharsetDecision {
    const { as, mediaType, decoded, beginning: octets } = this;
    const found = charsetFor(as, { octets, mediaType, decoded, cut });
    this.decision = as === 'text' ? shownOctetByOctet(found) : found;
    if (as === 'base64') this.beginning = NOTHING;
    else if (hasCharacters(found.charset)) this.reader = new TextReader(found.charset);
    this.decided(this.decision);
    return this.decision;
  }

  private takeBeginning(): Buffer {
    const { beginning } = this;
    this.beginning = NOTHING;
    return beginning;
  }

  private read(octets: Buffer): string {
    return this.reader?.read(octets) ?? octets.toString('latin1');
  }
}
