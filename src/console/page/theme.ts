import { effect, signal } from '@preact/signals';
import { keep, kept } from './keeping';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'wirefetch.theme';

/** auto: as the system has it */
export const theme = signal<Theme>(THEMES.find((one) => one === kept(KEY)) ?? 'auto');

/** counts changes of colour, the system's too: whoever draws on a canvas draws again */
export const repaints = signal(0);

/** Puts the theme on the page, and keeps it. */
export function wearTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    keep(KEY, theme.value);
    repaints.value = repaints.peek() + 1;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    repaints.value += 1;
  });
}

/** @returns a colour of page.css as it is now */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
