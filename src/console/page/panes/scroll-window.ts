/** Browsers draw no element that is taller: Firefox stops at some 17.8 million pixels. */
const MAX_HEIGHT = 8_000_000;

/** What is looked at, and through what. All in CSS pixels. */
export interface Viewport {
  readonly rows: number;
  readonly rowHeight: number;
  /** of what is seen at once */
  readonly height: number;
}

/** Where in all rows the top of the view is. */
export interface ScrollState {
  /** pixels from the first row's top, however many there are */
  readonly top: number;
  /** what the scroll bar said last */
  readonly scrollTop: number;
}

export const AT_TOP: ScrollState = { top: 0, scrollTop: 0 };

/** The height that the scroll bar is told. */
export function barHeight(view: Viewport): number {
  return Math.min(view.rows * view.rowHeight, MAX_HEIGHT);
}

/** Follows the scroll bar. Where all rows are taller than it can tell, a short way is gone pixel for pixel (a wheel, a
 *  key), a long one in proportion (the thumb was dragged); both ends are reached in any case. */
export function scrolled(state: ScrollState, scrollTop: number, view: Viewport): ScrollState {
  const all = view.rows * view.rowHeight;
  const maxScroll = Math.max(0, barHeight(view) - view.height);
  const maxTop = Math.max(0, all - view.height);
  if (all <= MAX_HEIGHT) return { top: Math.min(scrollTop, maxTop), scrollTop };
  if (scrollTop <= 0) return { top: 0, scrollTop };
  if (scrollTop >= maxScroll - 1) return { top: maxTop, scrollTop };
  const way = scrollTop - state.scrollTop;
  const isShort = Math.abs(way) <= view.height;
  const top = isShort ? state.top + way : (scrollTop / maxScroll) * maxTop;
  return { top: Math.min(Math.max(top, 0), maxTop), scrollTop };
}

/** Where the scroll bar has to be for a row to be at the top. */
export function scrolledTo(row: number, view: Viewport): ScrollState {
  const all = view.rows * view.rowHeight;
  const maxScroll = Math.max(0, barHeight(view) - view.height);
  const maxTop = Math.max(0, all - view.height);
  const top = Math.min(row * view.rowHeight, maxTop);
  return { top, scrollTop: maxTop === 0 ? 0 : (top / maxTop) * maxScroll };
}

/** Rows that can be seen, even in part: from `first` up to, not including, `end`. */
export function rowsInView({ top }: ScrollState, view: Viewport): { first: number; end: number } {
  const first = Math.floor(top / view.rowHeight);
  return { first, end: Math.min(view.rows, Math.ceil((top + view.height) / view.rowHeight)) };
}
