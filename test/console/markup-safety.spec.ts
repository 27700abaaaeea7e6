import {
  isControl,
  judgeAttribute,
  judgeElement,
  namespaceOf,
} from '../../src/console/page/panes/markup-safety';

describe('an element', () => {
  it.each(
    (
      'script iframe frame frameset object embed applet param link meta base template portal fencedframe audio video ' +
      'source track canvas map area title slot'
    ).split(' '),
  )('%s goes with all that is in it', (name) => {
    expect(judgeElement('html', name)).toEqual({ kind: 'drop' });
  });

  it.each('div p a img table input style pre'.split(' '))('%s is made anew', (name) => {
    expect(judgeElement('html', name)).toEqual({ kind: 'keep' });
  });

  it('that submits becomes one that does not', () => {
    expect(judgeElement('html', 'form')).toEqual({ kind: 'replace', by: 'div' });
  });

  it.each(['noscript', 'x-unknown', 'html', 'head', 'body', 'dialog'])('%s leaves its content', (name) => {
    expect(judgeElement('html', name)).toEqual({ kind: 'unwrap' });
  });

  it.each(
    'script foreignObject image animate animateMotion animateTransform set discard handler filter feImage iframe'.split(
      ' ',
    ),
  )('%s of SVG goes', (name) => {
    expect(judgeElement('svg', name)).toEqual({ kind: 'drop' });
  });

  it('of a namespace that means nothing here goes', () => {
    expect(namespaceOf('http://www.w3.org/1999/xlink')).toBeNull();
    expect(judgeElement(null, 'div')).toEqual({ kind: 'drop' });
    expect(judgeElement('mathml', 'maction')).toEqual({ kind: 'drop' });
    expect(judgeElement('mathml', 'annotation-xml')).toEqual({ kind: 'drop' });
  });
});

describe('an attribute', () => {
  it.each<[element: string, name: string, value: string]>([
    ['div', 'onclick', 'alert(1)'],
    ['img', 'onerror', 'alert(1)'],
    ['body', 'onload', 'alert(1)'],
    ['img', 'srcset', 'http://evil.example 1x'],
    ['img', 'longdesc', 'http://evil.example'],
    ['td', 'background', 'http://evil.example'],
    ['a', 'ping', 'http://evil.example'],
    ['a', 'target', '_top'],
    ['button', 'formaction', 'javascript:alert(1)'],
    ['input', 'autofocus', ''],
    ['input', 'type', ' IMAGE'],
    ['input', 'type', 'file'],
    ['input', 'src', 'http://evil.example'],
    ['blockquote', 'cite', 'http://evil.example'],
    ['div', 'tabindex', '0'],
    ['div', 'contenteditable', ''],
    ['div', 'is', 'x-y'],
    ['div', 'popovertarget', 'x'],
    ['p', 'xmlns:onclick', 'x'],
  ])('of %s goes: %s=%j', (element, name, value) => {
    expect(judgeAttribute('html', element, name, value)).toEqual({ kind: 'drop' });
  });

  it.each([
    ['javascript:alert(1)'],
    [' java\nscript:alert(1)'],
    ['http://evil.example/'],
    ['//evil.example'],
    ['data:text/html,<script>alert(1)</script>'],
    ['#part'],
  ])('that links to %j can be read, and leads nowhere', (value) => {
    expect(judgeAttribute('html', 'a', 'href', value)).toEqual({ kind: 'replace', name: 'data-href', value });
  });

  it.each([
    ['data:image/png;base64,AAAA', 'keep'],
    [' DATA:IMAGE/SVG+XML,<svg/>', 'keep'],
    ['data:text/html,x', 'replace'],
    ['data:image/png', 'replace'],
    ['http://evil.example/a.png', 'replace'],
    ['a.png', 'replace'],
    ['javascript:alert(1)', 'replace'],
  ])('that names the image %j: %s', (value, kind) => {
    expect(judgeAttribute('html', 'img', 'src', value).kind).toBe(kind);
  });

  it('of style keeps what loads nothing', () => {
    expect(judgeAttribute('html', 'p', 'style', 'color: red')).toEqual({ kind: 'keep' });
    expect(judgeAttribute('html', 'p', 'style', 'background: url(//evil.example)')).toEqual({
      kind: 'replace',
      name: 'style',
      value: 'background: url("data:,")',
    });
  });

  it('of SVG refers to its own document alone', () => {
    expect(judgeAttribute('svg', 'use', 'href', '#icon')).toEqual({ kind: 'keep' });
    expect(judgeAttribute('svg', 'use', 'xlink:href', 'http://evil.example/#icon')).toEqual({ kind: 'drop' });
    expect(judgeAttribute('svg', 'use', 'href', 'data:image/svg+xml,x#a')).toEqual({ kind: 'drop' });
    expect(judgeAttribute('svg', 'path', 'fill', 'url(#gradient)')).toEqual({ kind: 'keep' });
    expect(judgeAttribute('svg', 'path', 'fill', 'url(http://evil.example/#x)')).toEqual({ kind: 'drop' });
    expect(judgeAttribute('svg', 'path', 'onbegin', 'alert(1)')).toEqual({ kind: 'drop' });
  });

  it.each(['class', 'id', 'lang', 'dir', 'title', 'aria-label', 'colspan', 'alt', 'width'])(
    'that shows something stays: %s',
    (name) => {
      expect(judgeAttribute('html', 'td', name, '1')).toEqual({ kind: 'keep' });
    },
  );
});

it('what takes input is known, and nothing else', () => {
  for (const name of ['input', 'button', 'select', 'textarea']) expect(isControl('html', name)).toBe(true);
  expect(isControl('html', 'div')).toBe(false);
  expect(isControl('svg', 'input')).toBe(false);
});
