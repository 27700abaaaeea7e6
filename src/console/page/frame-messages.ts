/** What the page and the frame that renders say to each other. */

/** To the frame: show this. */
export interface RenderRequest {
  readonly kind: 'render';
  readonly html: string;
}

/** From the frame: it is shown. */
export interface Rendered {
  readonly kind: 'rendered';
  /** what was left out: elements, attributes, addresses */
  readonly removed: number;
  readonly kinds: readonly RemovedKind[];
}

/** @property what named as the page that was received has it: whoever shows it takes care */
export interface RemovedKind {
  readonly what: string;
  readonly count: number;
}

export function isRenderRequest(data: unknown): data is RenderRequest {
  return isKind(data, 'render') && 'html' in data && typeof data.html === 'string';
}

export function isRendered(data: unknown): data is Rendered {
  return (
    isKind(data, 'rendered') &&
    'removed' in data &&
    typeof data.removed === 'number' &&
    'kinds' in data &&
    Array.isArray(data.kinds) &&
    data.kinds.every(isRemovedKind)
  );
}

function isRemovedKind(value: unknown): value is RemovedKind {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'what' in value && typeof value.what === 'string' && 'count' in value && typeof value.count === 'number'
  );
}

function isKind(data: unknown, kind: string): data is object {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind;
}
