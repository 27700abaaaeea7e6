import { boundedHtml } from '../../src/console/page/panes/html-bounds';

describe('HTML to be rendered', () => {
  it('is whole where it is long by its text', () => {
    const html = `<p>${'text < '.repeat(100_000)}</p>`;
    expect(boundedHtml(html)).toBe(html);
  });

  it('goes as far as a parser has soon read, whatever the tags', () => {
    for (const tag of ['<b>', '<DIV>', '<b x=', '<!--<b>-->'])
      expect(boundedHtml(tag.repeat(30_000)).split(/<b|<DIV/)).toHaveLength(20_001);
  });
});
