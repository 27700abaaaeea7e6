import { safeCss } from './css-safety';

/** What becomes of an element that was received. */
export type ElementVerdict =
  /** it is made anew, with the attributes that are let through */
  | { readonly kind: 'keep' }
  /** another stands in its place: same content, no effect */
  | { readonly kind: 'replace'; readonly by: string }
  /** its content stands in its place */
  | { readonly kind: 'unwrap' }
  /** it goes with all that is in it */
  | { readonly kind: 'drop' };

export type Namespace = 'html' | 'svg' | 'mathml';

const NAMESPACES: Readonly<Record<string, Namespace>> = {
  'http://www.w3.org/1999/xhtml': 'html',
  'http://www.w3.org/2000/svg': 'svg',
  'http://www.w3.org/1998/Math/MathML': 'mathml',
};

/** @returns null for a namespace whose elements mean nothing here */
export function namespaceOf(uri: string | null): Namespace | null {
  return NAMESPACES[uri ?? ''] ?? null;
}

const KEEP: ElementVerdict = { kind: 'keep' };
const UNWRAP: ElementVerdict = { kind: 'unwrap' };
const DROP: ElementVerdict = { kind: 'drop' };

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

/** HTML that shows something and does nothing. */
const HTML_KEPT = setOf(
  'a abbr acronym address article aside b bdi bdo big blockquote br button caption center cite code col colgroup data ' +
    'dd del details dfn dir div dl dt em fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ' +
    'input ins kbd label legend li main mark marquee menu meter nav nobr ol optgroup option output p picture plaintext pre ' +
    'progress q rp rt ruby s samp search section select small span strike strong style sub summary sup table tbody td ' +
    'textarea tfoot th thead time tr tt u ul var wbr xmp',
);

/** What runs, loads, frames, navigates, or says how the document is to be treated: nothing of it is content. */
const HTML_DROPPED = setOf(
  'script iframe frame frameset noframes object embed applet param link meta base template portal fencedframe audio ' +
    'video source track canvas map area title slot noembed bgsound keygen',
);

const SVG_KEPT = setOf(
  'svg g path rect circle ellipse line polyline polygon text tspan textPath defs linearGradient radialGradient stop ' +
    'clipPath mask pattern marker symbol use title desc style',
);

const MATHML_KEPT = setOf(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup munder mover ' +
    'munderover mmultiscripts mprescripts mtable mtr mtd semantics',
);

/** Decides on an element.
 *  @param name its local name, as the parser gives it */
export function judgeElement(namespace: Namespace | null, name: string): ElementVerdict {
  switch (namespace) {
    case 'html':
      if (HTML_KEPT.has(name)) return KEEP;
      if (HTML_DROPPED.has(name)) return DROP;
      // A form without its element is nothing that could be sent.
      if (name === 'form') return { kind: 'replace', by: 'div' };
      // noscript among them: no script runs here, what is meant for that case is shown. Unknown elements show their content.
      return UNWRAP;
    case 'svg':
      // Its links and what would switch between contents are seen through; animations could set what was judged here.
      if (name === 'a' || name === 'switch') return UNWRAP;
      return SVG_KEPT.has(name) ? KEEP : DROP;
    case 'mathml':
      return MATHML_KEPT.has(name) ? KEEP : DROP;
    case null:
      return DROP;
  }
}

/** What becomes of an attribute. */
export type AttributeVerdict =
  | { readonly kind: 'keep' }
  | { readonly kind: 'replace'; readonly name: string; readonly value: string }
  | { readonly kind: 'drop' };

const KEEP_IT: AttributeVerdict = { kind: 'keep' };
const DROP_IT: AttributeVerdict = { kind: 'drop' };

const EVERYWHERE = setOf('class id lang dir title role hidden');

/** Attributes of HTML that show something; by element where the same name elsewhere does more than that. */
const HTML_ATTRIBUTES = setOf(
  'abbr align alt axis bgcolor border bordercolor cellpadding cellspacing char charoff checked clear color cols colspan ' +
    'compact datetime disabled face for frame headers height high hspace label low max maxlength min multiple noshade ' +
    'nowrap open optimum placeholder readonly reversed rows rowspan rules scope selected size span start step type valign ' +
    'value vspace width wrap',
);

const SVG_ATTRIBUTES = setOf(
  'clip-path clip-rule clipPathUnits color cx cy d direction display dominant-baseline dx dy fill fill-opacity fill-rule ' +
    'font-family font-size font-style font-variant font-weight fr fx fy gradientTransform gradientUnits height ' +
    'letter-spacing marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask maskContentUnits ' +
    'maskUnits offset opacity orient overflow patternContentUnits patternTransform patternUnits points ' +
    'preserveAspectRatio r refX refY rotate rx ry spreadMethod stop-color stop-opacity stroke stroke-dasharray ' +
    'stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor ' +
    'textLength transform vector-effect version viewBox visibility width word-spacing x x1 x2 y y1 y2',
);

const MATHML_ATTRIBUTES = setOf(
  'accent accentunder columnalign columnspan display displaystyle fence form height largeop linethickness lspace ' +
    'mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator ' +
    'stretchy symmetric voffset width',
);

const ATTRIBUTES: Readonly<Record<Namespace, ReadonlySet<string>>> = {
  html: HTML_ATTRIBUTES,
  svg: SVG_ATTRIBUTES,
  mathml: MATHML_ATTRIBUTES,
};

/** `data:` images that the page shows; nothing else is an image to it. */
const IMAGE_DATA =
  /^[\t\n\f\r ]*data:image\/(?:png|jpe?g|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon|svg\+xml)[;,]/i;

/** Decides on an attribute of an element that is kept.
 *  @param name as the parser gives it, with its prefix */
export function judgeAttribute(
  namespace: Namespace,
  element: string,
  name: string,
  value: string,
): AttributeVerdict {
  if (name === 'style') return judgeStyle(value);
  if (EVERYWHERE.has(name) || /^aria-[a-z]+$/.test(name)) return KEEP_IT;
  if (namespace === 'html') {
    // Where a link would have led can be read, and that is all.
    if (element === 'a' && name === 'href')
      return value === '' ? DROP_IT : { kind: 'replace', name: 'data-href', value };
    if (element === 'img' && name === 'src')
      return IMAGE_DATA.test(value) ? KEEP_IT : { kind: 'replace', name: 'data-src', value };
    // An image that is a button is loaded as one.
    if (element === 'input' && name === 'type' && /^\s*(?:image|file)\s*$/i.test(value)) return DROP_IT;
  }
  if (namespace === 'svg') {
    const isReference =
      (name === 'href' || name === 'xlink:href') &&
      /^(?:use|textPath|linearGradient|radialGradient|pattern)$/.test(element);
    if (isReference) return value.startsWith('#') ? KEEP_IT : DROP_IT;
  }
  if (!ATTRIBUTES[namespace].has(name)) return DROP_IT;
  // Presentation attributes are CSS: fill="url(http://…)".
  return namespace === 'svg' && safeCss(value).removed > 0 ? DROP_IT : KEEP_IT;
}

function judgeStyle(value: string): AttributeVerdict {
  const { css, removed } = safeCss(value);
  return removed === 0 ? KEEP_IT : { kind: 'replace', name: 'style', value: css };
}

/** Elements that take input, and are to take none. */
export function isControl(namespace: Namespace, name: string): boolean {
  return namespace === 'html' && /^(?:button|fieldset|input|optgroup|option|select|textarea)$/.test(name);
}
