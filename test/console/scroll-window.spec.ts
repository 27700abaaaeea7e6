import {
  AT_TOP,
  type Viewport,
  barHeight,
  rowsInView,
  scrolled,
  scrolledTo,
} from '../../src/console/page/panes/scroll-window';

const FEW: Viewport = { rows: 1_000, rowHeight: 20, height: 400 };
const MANY: Viewport = { rows: 10_000_000, rowHeight: 20, height: 400 };

describe('a view of rows', () => {
  it('follows the scroll bar pixel for pixel where all fit', () => {
    expect(barHeight(FEW)).toBe(20_000);
    const state = scrolled(AT_TOP, 1_010, FEW);
    expect(rowsInView(state, FEW)).toEqual({ first: 50, end: 71 });
  });

  it('shows the last row at the end of the bar, however many there are', () => {
    for (const view of [FEW, MANY]) {
      const state = scrolled(AT_TOP, barHeight(view) - view.height, view);
      expect(rowsInView(state, view).end).toBe(view.rows);
    }
  });

  it('goes a short way pixel for pixel though the bar cannot tell all', () => {
    const before = scrolled(AT_TOP, 4_000_000, MANY);
    const after = scrolled(before, 4_000_060, MANY);
    expect(after.top - before.top).toBe(60);
  });

  it('goes a long way in proportion', () => {
    const { top } = scrolled(AT_TOP, (barHeight(MANY) - MANY.height) / 2, MANY);
    expect(Math.round(top / MANY.rowHeight)).toBeCloseTo(MANY.rows / 2 - 10, -1);
  });

  it('comes back to the first row', () => {
    const away = scrolled(AT_TOP, 4_000_000, MANY);
    expect(scrolled(away, 0, MANY).top).toBe(0);
  });

  it.each([0, 1, 4_321_987, 9_999_999])('can be put at row %d', (row) => {
    const state = scrolledTo(row, MANY);
    const { first, end } = rowsInView(state, MANY);
    expect(first <= row && row < end).toBe(true);
    expect(state.scrollTop).toBeLessThanOrEqual(barHeight(MANY) - MANY.height);
  });

  it('of no rows has none', () => {
    const none = { ...FEW, rows: 0 };
    expect(rowsInView(scrolled(AT_TOP, 0, none), none)).toEqual({ first: 0, end: 0 });
  });
});
