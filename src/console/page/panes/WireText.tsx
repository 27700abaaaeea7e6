import { wirePieces } from './wire-pieces';

/** A wire string in which every octet can be seen. */
export function WireText({ text }: { readonly text: string }) {
  return (
    <>
      {wirePieces(text).map((piece, i) => {
        if (piece.kind === 'text') return piece.text;
        if (piece.kind === 'control')
          return (
            <span key={i} class="pane-control">
              {piece.name}
            </span>
          );
        return (
          <span key={i} class="pane-octets">
            {piece.utf8 === null ? piece.text : `${piece.text} ‹${piece.utf8}›`}
          </span>
        );
      })}
    </>
  );
}
