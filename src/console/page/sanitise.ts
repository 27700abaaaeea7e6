import type { RemovedKind } from './frame-messages';
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
  /** the same by what they were, the most frequent first: `<script>`, `<a href>`, `url()` */
  readonly kinds: readonly RemovedKind[];
}

/** Makes HTML harmless: it is parsed into a document that has no window, where nothing runs and nothing loads, and all
 *  that is to be kept is made anew from there, element by element. Nothing of the original is shown, and nothing is
 *  written out and parsed again. */
export function sanitise(html: string): Sanitised {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return new Copier().copy(parsed);
}

/** Reads a property as the platform has it. A form answers to the names of its controls, and a document to those of its
 *  images and forms, before it does to its own: what was received could feign `attributes` or `body`. */
function own<Of extends object, Key extends keyof Of & string>(prototype: Of, key: Key): (of: Of) => Of[Key] {
  const property = Object.getOwnPropertyDescriptor(prototype, key)!;
  return (of) => property.get!.call(of) as Of[Key];
}

const lastChildOf = own(Node.prototype, 'lastChild');
const previousSiblingOf = own(Node.prototype, 'previousSibling');
const textContentOf = own(Node.prototype, 'textContent');
const attributesOf = own(Element.prototype, 'attributes');
const localNameOf = own(Element.prototype, 'localName');
const namespaceUriOf = own(Element.prototype, 'namespaceURI');
const documentElementOf = own(Document.prototype, 'documentElement');
const bodyOf = own(Document.prototype, 'body');

/** as many as are told, of what may be thousands */
const MOST_KINDS = 6;

/** Pages are some dozens of elements deep. What is made to be deeper, so that it takes long to be laid out, leaves its
 *  content. */
const MAX_DEPTH = 128;

/** A node that is to be copied, and where to. */
interface Step {
  readonly from: Node;
  readonly to: Node;
  /** of what it is copied to, in elements */
  readonly depth: number;
}

class Copier {
  private removed = 0;
  private readonly counts = new Map<string, number>();

  copy(parsed: Document): Sanitised {
    const content = document.createDocumentFragment();
    const html = document.createElement('html');
    const body = document.createElement('body');
    const root = documentElementOf(parsed);
    this.copyAttributes(root, html);
    this.copyAttributes(bodyOf(parsed), body);
    this.copyAll(root, content);
    return { content, html, body, removed: this.removed, kinds: this.kinds() };
  }

  private kinds(): RemovedKind[] {
    const all = Array.from(this.counts, ([what, count]) => ({ what, count }));
    return all.sort((a, b) => b.count - a.count).slice(0, MOST_KINDS);
  }

  private note(what: string, count = 1): void {
    this.removed += count;
    this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  /** Goes through the tree without recursion: it may be deep. */
  private copyAll(root: Node, target: Node): void {
    const steps: Step[] = [];
    const push = (parent: Node, to: Node, depth: number): void => {
      // The last is taken first.
      for (let child = lastChildOf(parent); child !== null; child = previousSiblingOf(child))
        steps.push({ from: child, to, depth });
    };
    push(root, target, 0);
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { from, to, depth } = step;
      if (from instanceof Text) to.appendChild(document.createTextNode(from.data));
      if (!(from instanceof Element)) continue;
      const into = this.copyElement(from, depth);
      if (into === null) continue;
      if (into === 'unwrap') push(from, to, depth);
      else {
        to.appendChild(into);
        if (into.localName === 'style') this.copyStyle(from, into);
        else push(from, into, depth + 1);
      }
    }
  }

  /** @returns the element anew, 'unwrap' where its content stands in its place, null where nothing does */
  private copyElement(from: Element, depth: number): Element | 'unwrap' | null {
    const namespace = namespaceOf(namespaceUriOf(from));
    const verdict = judgeElement(namespace, localNameOf(from));
    switch (verdict.kind) {
      case 'unwrap':
        return 'unwrap';
      case 'drop':
        this.note(`<${localNameOf(from)}>`);
        return null;
      case 'keep':
      case 'replace': {
        if (depth >= MAX_DEPTH) return 'unwrap';
        const name = verdict.kind === 'keep' ? localNameOf(from) : verdict.by;
        const copy = document.createElementNS(namespaceUriOf(from), name);
        this.copyAttributes(from, copy);
        if (namespace !== null && isControl(namespace, name)) copy.setAttribute('disabled', '');
        return copy;
      }
    }
  }

  private copyAttributes(from: Element, to: Element): void {
    const namespace = namespaceOf(namespaceUriOf(from));
    if (namespace === null) return;
    for (const { name, value, namespaceURI } of attributesOf(from)) {
      const verdict = judgeAttribute(namespace, localNameOf(from), name, value);
      switch (verdict.kind) {
        case 'keep':
          to.setAttributeNS(namespaceURI, name, value);
          break;
        case 'replace':
          to.setAttribute(verdict.name, verdict.value);
          this.note(`<${localNameOf(from)} ${name}>`);
          break;
        case 'drop':
          this.note(`<${localNameOf(from)} ${name}>`);
          break;
      }
    }
  }

  private copyStyle(from: Element, to: Element): void {
    const { css, removed } = safeCss(textContentOf(from) ?? '');
    to.textContent = css;
    if (removed > 0) this.note('url()', removed);
  }
}
