import { type Rendered, isRenderRequest } from './frame-messages';
import { sanitise } from './sanitise';

/** The frame that shows HTML nobody vouches for. Three walls stand around it: what is shown has been made anew without
 *  anything that acts (sanitise.ts), the frame's policy lets nothing load, and its sandbox has an origin of its own,
 *  submits nothing, opens nothing and leads nowhere. */

const { parent } = window;

window.addEventListener('message', ({ data, source }: MessageEvent<unknown>) => {
  if (source !== parent || !isRenderRequest(data)) return;
  const { content, html, body, removed, kinds } = sanitise(data.html);
  wear(document.documentElement, html);
  wear(document.body, body);
  document.body.replaceChildren(content);
  parent.postMessage({ kind: 'rendered', removed, kinds } satisfies Rendered, '*');
});

/** Gives an element the attributes of another, and no others. */
function wear(element: Element, model: Element): void {
  for (const name of element.getAttributeNames()) element.removeAttribute(name);
  for (const { name, value } of model.attributes) element.setAttribute(name, value);
}
