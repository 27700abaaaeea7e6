import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: () => ComponentChildren;
}

/** @returns which tab a key leads to; null: none */
export function tabAfter(key: string, index: number, count: number): number | null {
  if (key === 'ArrowRight') return (index + 1) % count;
  if (key === 'ArrowLeft') return (index + count - 1) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}

/** Tabs as the ARIA Authoring Practices have them, that follow the focus. What is not shown is not made. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const [chosen, choose] = useState(tabs[0]?.id);
  const list = useRef<HTMLDivElement>(null);
  const index = Math.max(
    0,
    tabs.findIndex(({ id }) => id === chosen),
  );
  const shown = tabs[index];
  if (shown === undefined) return null;
  const move = (event: KeyboardEvent): void => {
    const next = tabAfter(event.key, index, tabs.length);
    if (next === null) return;
    event.preventDefault();
    choose(tabs[next]!.id);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`tab-${tab.id}`}
            data-testid={`tab-${tab.id}`}
            aria-selected={tab === shown}
            aria-controls={tab === shown ? `panel-${tab.id}` : undefined}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        class="tab-panel"
        role="tabpanel"
        id={`panel-${shown.id}`}
        data-testid={`panel-${shown.id}`}
        aria-labelledby={`tab-${shown.id}`}
        tabIndex={0}
      >
        {shown.content()}
      </div>
    </div>
  );
}
