import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AT_TOP, type ScrollState, barHeight, rowsInView, scrolled, scrolledTo } from './scroll-window';

interface RowListProps {
  readonly label: string;
  readonly className: string;
  /** heads of the columns */
  readonly columns: readonly string[];
  readonly rows: number;
  /** the cells of a row, each with role="cell" */
  readonly cells: (row: number) => ComponentChildren;
  /** a row to be shown and marked; a new object each time it is to be gone to */
  readonly goTo?: { readonly row: number } | null;
}

/** Height of a row until it is known, in pixels. */
const ROW_HEIGHT = 20;

/** A table of any number of rows, of which only those in view are drawn. */
export function RowList({ label, className, columns, rows, cells, goTo = null }: RowListProps) {
  const table = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const shown = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<ScrollState>(AT_TOP);
  const [height, setHeight] = useState(0);
  const [rowHeight, setRowHeight] = useState(ROW_HEIGHT);
  const view = { rows, rowHeight, height };
  const { first, end } = rowsInView(state, view);

  useLayoutEffect(() => {
    const element = table.current!;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
      setRowHeight(Number.parseFloat(getComputedStyle(element).lineHeight) || ROW_HEIGHT);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    spacer.current!.style.height = `${barHeight(view)}px`;
  }, [rows, rowHeight]);
  useLayoutEffect(() => {
    shown.current!.style.transform = `translateY(${first * rowHeight - state.top}px)`;
  }, [first, state, rowHeight]);
  useEffect(() => {
    if (goTo === null) return;
    // With some rows before it, so that it is seen among its like.
    const next = scrolledTo(Math.max(0, goTo.row - 3), view);
    setState(next);
    table.current!.scrollTop = next.scrollTop;
  }, [goTo]);

  function onScroll(): void {
    const { scrollTop } = table.current!;
    // A bar that stands where it was put keeps what was gone to.
    setState((before) =>
      Math.abs(before.scrollTop - scrollTop) < 1 ? before : scrolled(before, scrollTop, view),
    );
  }

  return (
    <div
      class={`pane-rows ${className}`}
      role="table"
      aria-label={label}
      aria-rowcount={rows + 1}
      tabIndex={0}
      ref={table}
      onScroll={onScroll}
    >
      <div class="pane-unseen" role="rowgroup">
        <div role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <span key={column} role="columnheader">
              {column}
            </span>
          ))}
        </div>
      </div>
      <div class="pane-rows-all" role="rowgroup" ref={spacer}>
        <div class="pane-rows-shown" role="presentation" ref={shown}>
          {Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i).map((row) => (
            <div
              key={row}
              class={goTo?.row === row ? 'pane-row pane-row-marked' : 'pane-row'}
              role="row"
              aria-rowindex={row + 2}
            >
              {cells(row)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
