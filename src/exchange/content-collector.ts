import type { FieldLine } from '../http1/events';
import { excerpt } from '../http1/grammar';
import { looksLikeText } from '../semantics/charset';
import { type Coding, type DecodingPlan, contentCodings, planDecoding } from '../semantics/content-coding';
import { ContentDecoder, type DecodingEnd } from './content-decoder';
import type { WarnOfCoding } from './content-undoing';
import type { OctetAccount } from './octet-budget';
import type { OctetStore, StoredOctets } from './octet-store';

export interface ContentOptions {
  /** bounds the decoded content kept, and the coded content read */
  readonly maxBodyBytes: number;
  /** false: only count and digest */
  readonly keepContent: boolean;
  /** undo Content-Encoding */
  readonly decodeContent: boolean;
  /** More content was decoded than was to be kept: told when nobody is in `take`. */
  readonly overflowed: () => void;
  /** After `full` was true: there is room again. */
  readonly drained: () => void;
  /** is told what is held */
  readonly memory: OctetAccount;
  /** Is given the content as it comes; null: nobody listens. */
  readonly listener: ContentListener | null;
}

/** Takes content beside what is kept of it. */
export interface ContentListener {
  /** Decoding waits until there is room. */
  readonly isFull: boolean;
  /** @param octets of the content, or of what is kept of it; a view, valid until this returns
   *  @param decoded its codings are undone, or there were none */
  take(octets: Buffer, decoded: boolean): void;
  /** @returns when there is room */
  room(): Promise<void>;
}

const PLAIN: DecodingPlan = { kind: 'plain' };
const AS_IT_COMES: DecodingPlan = { kind: 'keep', warning: null };
/** A warning without its place. */
interface Remark {
  readonly code: string;
  readonly message: string;
}

/** coded octets kept after decoding has begun, should it turn out that they were no coding */
const DOUBT_BYTES = 65_536;
/** of fewer octets, coded ones may look like text by chance */
const MIN_TEXT_BYTES = 16;
const TEXT_SAMPLE_BYTES = 1_024;
/** of what was withheld a listener is given so much at a time */
const TOLD_BYTES = 16_384;

/** The content of one message: kept as it comes, or decoded on the way. Content without a coding is kept at once,
 *  in `take`; coded content is decoded meanwhile, and `end` waits for it. A listener is given it when it is certain that
 *  it was in its codings. */
export class ContentCollector {
  /** octets of the content as it came, without transfer coding */
  wireBytes = 0;
  /** of Content-Encoding, in lower case and in the order they were applied */
  codings: readonly string[] = [];
  /** content came that was not to be kept */
  overflowed = false;
  /** why a coding could not be undone to its end; null while nothing is wrong */
  failure: string | null = null;
  /** decoding was given up */
  isCut = false;

  private maxBytes: number;
  private keepContent: boolean;
  private plan = PLAIN;
  private store: OctetStore;
  private decoder: ContentDecoder | null = null;
  /** octets as they came, until it is certain that they are in their codings */
  private coded: OctetStore | null = null;
  /** decoded meanwhile, for a listener who is not to be given what may be taken back */
  private withheld: OctetStore | null = null;
  private asItCame = false;
  private isGivenUp = false;
  /** ends the waiting for a listener */
  private stopWaiting: () => void = () => undefined;
  /** decoding has ended */
  private isOver = false;
  /** what decoding warns of */
  private readonly remarks: Remark[] = [];

  constructor(
    private readonly options: ContentOptions,
    private readonly warn: WarnOfCoding,
  ) {
    this.maxBytes = options.maxBodyBytes;
    this.keepContent = options.keepContent;
    this.store = this.newStore();
  }

  /** what is kept, decoded where `decoded` says so */
  get octets(): StoredOctets {
    return this.store;
  }

  /** All codings were undone as far as the content goes, or there was nothing to undo. */
  get decoded(): boolean {
    if (this.wireBytes === 0) return true;
    return this.plan.kind !== 'keep' && !this.asItCame;
  }

  /** Whether reading should wait until there is room. */
  get full(): boolean {
    return this.decoder?.full ?? false;
  }

  /** Whether there is something to wait for. */
  get decoding(): boolean {
    return this.decoder !== null;
  }

  /** Learns what the head says of the content. */
  begin(headers: readonly FieldLine[]): void {
    this.codings = contentCodings(headers);
    const plan = planDecoding(headers);
    this.plan = plan.kind === 'plain' || this.options.decodeContent ? plan : AS_IT_COMES;
  }

  /** Lowers the limit, and says anew whether the content is kept; nothing of it may have come yet. */
  limit(maxBytes: number, keepContent: boolean): void {
    this.maxBytes = maxBytes;
    this.keepContent = keepContent;
    this.store = this.newStore();
  }

  /** @param octets a view, valid until this returns */
  take(octets: Buffer): void {
    const { plan } = this;
    const before = this.wireBytes;
    this.wireBytes += octets.length;
    if (plan.kind === 'undo') {
      this.takeCoded(octets, this.maxBytes - before, plan.codings);
      return;
    }
    if (plan.kind === 'keep' && plan.warning !== null && before === 0)
      this.warn(plan.warning.code, plan.warning.message);
    this.keep(octets);
  }

  /** The content is over, as far as it came.
   *  @returns when what came is decoded */
  async end(): Promise<void> {
    await this.decoder?.end();
  }

  /** Gives up decoding; `end` resolves soon. */
  cut(): void {
    this.isGivenUp = true;
    this.decoder?.cut();
    this.stopWaiting();
  }

  private keep(octets: Buffer): void {
    const kept = this.append(octets);
    if (kept.length < octets.length) this.overflowed = true;
    if (kept.length > 0) this.options.listener?.take(kept, this.decoded);
  }

  /** @returns what fits */
  private append(octets: Buffer): Buffer {
    const before = this.store.bytes;
    this.store.append(octets);
    return octets.subarray(0, this.store.bytes - before);
  }

  private takeCoded(octets: Buffer, room: number, codings: readonly Coding[]): void {
    if (this.asItCame) {
      this.keepAsItCame(octets);
      return;
    }
    if (octets.length > room) this.noteOverflow();
    if (this.isOver) return;
    if (this.decoder === null) {
      this.coded = this.options.memory.store(this.maxBytes);
      if (this.options.listener !== null) this.withheld = this.options.memory.store(this.maxBytes);
      this.decoder = this.newDecoder(codings);
    }
    const fitting = octets.subarray(0, Math.max(0, room));
    this.coded?.append(fitting);
    this.decoder.push(fitting);
  }

  private newDecoder(codings: readonly Coding[]): ContentDecoder {
    return new ContentDecoder({
      codings,
      maxBytes: this.maxBytes,
      take: (octets) => this.takeDecoded(octets),
      drained: this.options.drained,
      ended: (end) => this.endDecoding(end),
      warn: (code, message) => void this.remarks.push({ code, message }),
      memory: this.options.memory,
    });
  }

  private takeDecoded(octets: Buffer): boolean | Promise<boolean> {
    if (this.coded !== null && !this.isInDoubt(this.coded)) this.forgetCoded();
    const kept = this.append(octets);
    const fits = kept.length === octets.length;
    const { listener } = this.options;
    if (listener === null) return fits;
    if (this.withheld !== null) {
      this.withheld.append(kept);
      return this.coded === null ? this.tellWithheld(listener).then(() => fits) : fits;
    }
    if (kept.length === 0) return fits;
    if (listener.isFull) return this.room(listener).then(() => this.tell(listener, kept, fits));
    return this.tell(listener, kept, fits);
  }

  private tell(listener: ContentListener, kept: Buffer, fits: boolean): boolean {
    listener.take(kept, true);
    return fits;
  }

  /** Something was decoded: from then on only what could be text may still turn out to be no coding. */
  private isInDoubt(coded: OctetStore): boolean {
    return this.decoder!.takenBytes <= DOUBT_BYTES && mayBeText(coded.octets);
  }

  private forgetCoded(): void {
    if (this.coded !== null) this.options.memory.free(this.coded);
    this.coded = null;
  }

  /** What was decoded stands. */
  private async tellWithheld(listener: ContentListener): Promise<void> {
    const { withheld } = this;
    if (withheld === null) return;
    for (let at = 0; at < withheld.bytes; at += TOLD_BYTES) {
      if (listener.isFull) await this.room(listener);
      listener.take(withheld.octets.subarray(at, at + TOLD_BYTES), true);
    }
    this.dropWithheld();
  }

  private dropWithheld(): void {
    if (this.withheld !== null) this.options.memory.free(this.withheld);
    this.withheld = null;
  }

  /** Time may run out meanwhile. */
  private async room(listener: ContentListener): Promise<void> {
    if (this.isGivenUp) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.stopWaiting = resolve;
    listener.room().then(resolve, resolve);
    await promise;
  }

  private async endDecoding(end: DecodingEnd): Promise<void> {
    this.isOver = true;
    this.isCut = end.by === 'cut';
    if (end.by === 'failure') this.failure = end.message;
    if (this.coded !== null && this.isUncoded(end, this.coded.octets)) {
      if (end.by === 'end')
        this.failure = `${excerpt(this.codings.join(', '))} could not be undone: it is no such coding`;
      await this.giveAsItCame(this.coded);
    } else {
      for (const { code, message } of this.remarks) this.warn(code, message);
      if (this.options.listener !== null) await this.tellWithheld(this.options.listener);
    }
    this.forgetCoded();
    if (end.by !== 'size-limit') return;
    this.noteOverflow();
    this.options.overflowed();
  }

  /** The coding failed, or ended long before the content did, and nothing was decoded, or no more than text read as
   *  a coding: br and raw deflate begin with no mark that would tell, and may come to an end within a word. */
  private isUncoded({ by }: DecodingEnd, coded: Buffer): boolean {
    const goesOn = this.remarks.some(({ code }) => code === 'octets-after-coding');
    if (by === 'end' && !goesOn) return false;
    if (this.store.bytes === 0) return true;
    return (by === 'failure' || goesOn) && coded.length >= MIN_TEXT_BYTES && mayBeText(coded);
  }

  /** While it is given to a listener more may come. */
  private async giveAsItCame(coded: OctetStore): Promise<void> {
    this.asItCame = true;
    this.dropWithheld();
    this.options.memory.free(this.store);
    this.store = this.newStore();
    const { listener } = this.options;
    const step = listener === null ? Infinity : TOLD_BYTES;
    for (let at = 0; at < coded.bytes; at += step) {
      if (listener?.isFull === true) await this.room(listener);
      this.keep(coded.octets.subarray(at, Math.min(coded.bytes, at + step)));
    }
    if (this.overflowed) this.store.noteMore();
  }

  /** Behind what was there before. */
  private keepAsItCame(octets: Buffer): void {
    if (this.coded === null) this.keep(octets);
    else if (!this.coded.append(octets)) this.overflowed = true;
  }

  private noteOverflow(): void {
    this.overflowed = true;
    this.store.noteMore();
  }

  private newStore(): OctetStore {
    return this.options.memory.store(this.maxBytes, this.keepContent);
  }
}

function mayBeText(coded: Buffer): boolean {
  return looksLikeText(coded.subarray(0, TEXT_SAMPLE_BYTES), true);
}
