import { type Said, say } from '../language';
import { RowList } from './RowList';
import { hexRow, hexRowCount } from './hex-rows';

const TEXTS = {
  label: { en: 'Content, octet by octet', ko: '본문 옥텟' },
  offset: { en: 'Offset', ko: '오프셋' },
  octets: { en: 'Octets', ko: '옥텟' },
  characters: { en: 'Characters', ko: '문자' },
} as const satisfies Record<string, Said>;

/** Content as xxd shows it. */
export function HexView({ octets }: { readonly octets: Uint8Array }) {
  return (
    <RowList
      label={say(TEXTS.label)}
      className="pane-hex"
      columns={[say(TEXTS.offset), say(TEXTS.octets), say(TEXTS.characters)]}
      rows={hexRowCount(octets)}
      cells={(row) => {
        const { offset, hex, characters } = hexRow(octets, row);
        return (
          <>
            <span role="cell" class="pane-gutter">
              {offset}
            </span>
            <span role="cell" class="pane-hex-octets">
              {hex}
            </span>
            <span role="cell">{characters}</span>
          </>
        );
      }}
    />
  );
}
