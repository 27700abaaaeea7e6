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
}

export function isRenderRequest(data: unknown): data is RenderRequest {
  return isKind(data, 'render') && 'html' in data && typeof data.html === 'string';
}

export function isRendered(data: unknown): data is Rendered {
  return isKind(data, 'rendered') && 'removed' in data && typeof data.removed === 'number';
}

function isKind(data: unknown, kind: string): data is object {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind;
}
