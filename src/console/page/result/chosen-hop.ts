import { computed, signal } from '@preact/signals';
import { run } from '../run';

/** The exchange that is looked at: the last one, unless another was chosen. */

const chosen = signal<{ readonly of: unknown; readonly index: number } | null>(null);

export const hopIndex = computed(() => {
  const hops = run.value?.state.hops.length ?? 0;
  const { of, index } = chosen.value ?? { of: null, index: -1 };
  return of === run.value?.request && index < hops ? index : hops - 1;
});

/** Holds for the fetch that is shown now. */
export function chooseHop(index: number): void {
  chosen.value = { of: run.value?.request, index };
}
