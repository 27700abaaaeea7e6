import { type Signal, signal } from '@preact/signals';
import { kept, keep } from './keeping';

export type Language = 'en' | 'ko';
export type Said = Readonly<Record<Language, string>>;

const KEY = 'wirefetch.language';

/** What the page speaks: as chosen here before, else as the browser does. */
export const language: Signal<Language> = signal(chosen() ?? browsers());

function chosen(): Language | null {
  const word = kept(KEY);
  return word === 'en' || word === 'ko' ? word : null;
}

function browsers(): Language {
  return globalThis.navigator?.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export function speak(word: Language): void {
  language.value = word;
  keep(KEY, word);
}

/** Reads the signal, so that whoever renders with it follows it. */
export function say(said: Said): string {
  return said[language.value];
}

/** A text with a number or a word in it: what stands in braces is replaced. */
export function sayWith(said: Said, words: Readonly<Record<string, string | number>>): string {
  return say(said).replace(/\{(\w+)\}/g, (braced, name: string) => String(words[name] ?? braced));
}
