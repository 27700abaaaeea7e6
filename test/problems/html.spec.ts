import { html } from '../../src/problems/html';

describe('what is put into a template', () => {
  it.each([
    ['<script>', '&#60;script&#62;'],
    ['"\'&', '&#34;&#39;&#38;'],
    ['&amp;', '&#38;amp;'],
    ['plain – text', 'plain – text'],
    [413, '413'],
  ])('is text, whatever it holds: %s', (insert, escaped) => {
    expect(String(html`<a title="${insert}">${insert}</a>`)).toBe(`<a title="${escaped}">${escaped}</a>`);
  });

  it('is HTML where a template made it, and is not escaped twice', () => {
    const item = html`<b>${'<'}</b>`;
    expect(String(html`<i>${item}</i>`)).toBe('<i><b>&#60;</b></i>');
    expect(String(html`<i>${[item, item]}</i>`)).toBe('<i><b>&#60;</b><b>&#60;</b></i>');
  });

  it('is nothing where there is none', () => {
    expect(String(html`<p>${[]}${''}</p>`)).toBe('<p></p>');
  });
});
