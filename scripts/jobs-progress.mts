/** How far it is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly succeeded: number;
  /** those that were cancelled too */
  readonly failed: number;
  /** of late; null: not known yet */
  readonly perSecond: number | null;
}

const MAX_BAR = 40;
const MIN_BAR = 10;

/** @param columns of the terminal; what matters least is left out until the line is shorter than that */
export function progressBar(progress: Progress, columns: number): string {
  const parts = partsOf(progress);
  // A line as wide as the terminal would make some of them wrap.
  while (parts.length > 1 && parts.join('  ').length >= columns) parts.pop();
  const text = parts.join('  ').slice(0, Math.max(0, columns - 1));
  const room = Math.min(MAX_BAR, columns - 1 - text.length - '[]  '.length);
  return room < MIN_BAR ? text : `[${barOf(progress, room)}]  ${text}`;
}

/** The same for what is no terminal. */
export function progressText(progress: Progress): string {
  return partsOf(progress).join('  ');
}

/** What matters most first. */
function partsOf({ done, total, succeeded, failed, perSecond }: Progress): string[] {
  const percent = total === 0 ? 0 : Math.floor((100 * done) / total);
  const isOver = done >= total;
  const etaMs = perSecond === null || perSecond === 0 ? null : (1_000 * (total - done)) / perSecond;
  return [
    `${done}/${total}`,
    `${percent}%`,
    ...(isOver ? [] : [`ETA ${etaMs === null ? '?' : duration(etaMs)}`]),
    `${failed} failed`,
    `${perSecond === null ? '?' : rate(perSecond)}/s`,
    `${succeeded} ok`,
  ];
}

function barOf({ done, total }: Progress, length: number): string {
  const filled = total === 0 ? 0 : Math.floor((length * done) / total);
  return (filled < length ? `${'='.repeat(filled)}>` : '='.repeat(length)).padEnd(length);
}

function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}

/** The two units that tell most: 9s, 2m05s, 3h07m, 4d01h. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const [minutes, hours, days] = [60, 3_600, 86_400].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  const pair = (high: number, highUnit: string, low: number, lowUnit: string): string =>
    `${high}${highUnit}${String(low).padStart(2, '0')}${lowUnit}`;
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return pair(minutes, 'm', seconds % 60, 's');
  return days === 0 ? pair(hours, 'h', minutes % 60, 'm') : pair(days, 'd', hours % 24, 'h');
}

const WINDOW_MS = 10_000;
/** too little to tell from */
const MIN_SPAN_MS = 500;

/** How many a second of late. */
export class RateWindow {
  private readonly seen: { readonly at: number; readonly count: number }[] = [];

  /** @param now in ms, of any clock that only goes forward
   *  @returns null: not known yet */
  perSecond(now: number, count: number): number | null {
    this.seen.push({ at: now, count });
    // The last one before the window is where it begins.
    while (this.seen.length > 2 && this.seen[1]!.at <= now - WINDOW_MS) this.seen.shift();
    const first = this.seen[0]!;
    const spanMs = now - first.at;
    return spanMs < MIN_SPAN_MS ? null : (1_000 * (count - first.count)) / spanMs;
  }
}

/** What there is to show of. */
export type Counts = Omit<Progress, 'perSecond'> & {
  /** of `done` and what will be: results that were there before it began, and are told at once */
  readonly before: number;
};

const REDRAW_MS = 200;
const LINE_MS = 5_000;

/** Shows it while it goes on: one line that is drawn over on a terminal, elsewhere a line now and then. */
export class ProgressDisplay {
  private readonly stream: NodeJS.WriteStream;
  private readonly isBar: boolean;
  private readonly counts: () => Counts;
  private readonly window = new RateWindow();
  private timer: NodeJS.Timeout | null = null;

  constructor(stream: NodeJS.WriteStream, isBar: boolean, counts: () => Counts) {
    this.stream = stream;
    this.isBar = isBar;
    this.counts = counts;
  }

  begin(): void {
    this.show();
    this.timer = setInterval(() => this.show(), this.isBar ? REDRAW_MS : LINE_MS);
  }

  /** Says something that stays. */
  note(text: string): void {
    this.stream.write(this.isBar ? `\r\x1b[K${text}\n` : `${text}\n`);
  }

  /** Shows it for the last time. */
  end(): void {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    this.show();
    if (this.isBar) this.stream.write('\n');
  }

  private show(): void {
    const counts = this.counts();
    const { done, before } = counts;
    const progress = {
      ...counts,
      perSecond: this.window.perSecond(performance.now(), Math.max(done, before)),
    };
    this.stream.write(
      this.isBar
        ? `\r${progressBar(progress, this.stream.columns || 80)}\x1b[K`
        : `${progressText(progress)}\n`,
    );
  }
}
