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

/** A text with a number or a word in it: what stands in braces is replaced. `{n:line|lines}` is one of the two words, by
 *  whether n is 1. */
export function sayWith(said: Said, words: Readonly<Record<string, string | number>>): string {
  return fillIn(say(said), words);
}

/** @param text as sayWith has it */
export function fillIn(text: string, words: Readonly<Record<string, string | number>>): string {
  return text.replace(
    /\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g,
    (braced, name: string, one: string | undefined, many: string | undefined) => {
      const word = words[name];
      if (word === undefined) return braced;
      return many === undefined ? String(word) : String(word) === '1' ? (one ?? '') : many;
    },
  );
}
