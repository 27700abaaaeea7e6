/** What the browser keeps for the page. Where it keeps nothing (private windows, full or forbidden stores), the page
 *  goes on without. */

export function kept(key: string): string | null {
  return attempt(() => globalThis.localStorage.getItem(key));
}

/** @param text null: nothing is to be kept
 *  @returns whether it is kept */
export function keep(key: string, text: string | null): boolean {
  return (
    attempt(() => {
      if (text === null) globalThis.localStorage.removeItem(key);
      else globalThis.localStorage.setItem(key, text);
      return true;
    }) ?? false
  );
}

/** The same until the tab is closed. */
export function keptInTab(key: string): string | null {
  return attempt(() => globalThis.sessionStorage.getItem(key));
}

export function keepInTab(key: string, text: string): void {
  attempt(() => globalThis.sessionStorage.setItem(key, text));
}

function attempt<T>(what: () => T): T | null {
  try {
    return what();
  } catch {
    return null;
  }
}
