import { safeCss } from './panes/css-safety';
import { isControl, judgeAttribute, judgeElement, namespaceOf } from './panes/markup-safety';

/** A document that shows what another shows, and does nothing. */
export interface Sanitised {
  /** what is to stand in the body; styles of the head come first */
  readonly content: DocumentFragment;
  /** attributes for the document's own html and body elements */
  readonly html: Element;
  readonly body: Element;
  /** elements that were left out with all that was in them, and attributes and addresses that were */
  readonly removed: number;
}

/** Makes HTML harmless: it is parsed into a document that has no window, where nothing runs and nothing loads, and all
 *  that is to be kept is made anew from there, element by element. Nothing of the original is shown, and nothing is
 *  written out and parsed again. */
export function sanitise(html: string): Sanitised {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return new Copier().copy(parsed);
}

/** A node that is to be copied, and where to. */
interface Step {
  readonly from: Node;
  readonly to: Node;
}

class Copier {
  private removed = 0;

  copy(parsed: Document): Sanitised {
    const content = document.createDocumentFragment();
    const html = document.createElement('html');
    const body = document.createElement('body');
    this.copyAttributes(parsed.documentElement, html);
    if (parsed.body !== null) this.copyAttributes(parsed.body, body);
    this.copyAll(parsed.documentElement, content);
    return { content, html, body, removed: this.removed };
  }

  /** Goes through the tree without recursion: it may be deep. */
  private copyAll(root: Node, target: Node): void {
    const steps: Step[] = [];
    const push = (parent: Node, to: Node): void => {
      // The last is taken first.
      for (let child = parent.lastChild; child !== null; child = child.previousSibling)
        steps.push({ from: child, to });
    };
    push(root, target);
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { from, to } = step;
      if (from instanceof Text) to.appendChild(document.createTextNode(from.data));
      if (!(from instanceof Element)) continue;
      const into = this.copyElement(from);
      if (into === null) continue;
      if (into === 'unwrap') push(from, to);
      else {
        to.appendChild(into);
        if (into.localName === 'style') this.copyStyle(from, into);
        else push(from, into);
      }
    }
  }

  /** @returns the element anew, 'unwrap' where its content stands in its place, null where nothing does */
  private copyElement(from: Element): Element | 'unwrap' | null {
    const namespace = namespaceOf(from.namespaceURI);
    const verdict = judgeElement(namespace, from.localName);
    switch (verdict.kind) {
      case 'unwrap':
        return 'unwrap';
      case 'drop':
        this.removed++;
        return null;
      case 'keep':
      case 'replace': {
        const name = verdict.kind === 'keep' ? from.localName : verdict.by;
        const copy = document.createElementNS(from.namespaceURI, name);
        this.copyAttributes(from, copy);
        if (namespace !== null && isControl(namespace, name)) copy.setAttribute('disabled', '');
        return copy;
      }
    }
  }

  private copyAttributes(from: Element, to: Element): void {
    const namespace = namespaceOf(from.namespaceURI);
    if (namespace === null) return;
    for (const { name, value, namespaceURI } of from.attributes) {
      const verdict = judgeAttribute(namespace, from.localName, name, value);
      switch (verdict.kind) {
        case 'keep':
          to.setAttributeNS(namespaceURI, name, value);
          break;
        case 'replace':
          to.setAttribute(verdict.name, verdict.value);
          this.removed++;
          break;
        case 'drop':
          this.removed++;
          break;
      }
    }
  }

  private copyStyle(from: Element, to: Element): void {
    const { css, removed } = safeCss(from.textContent ?? '');
    to.textContent = css;
    this.removed += removed;
  }
}
