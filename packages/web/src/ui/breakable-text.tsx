// A text of any length whose long words may end a line anywhere. For elements with `overflow-wrap: anywhere`.
import { Fragment, useMemo } from "react";
import { textPieces } from "./text-pieces.ts";

/** The text, as it is when it is copied. */
export function BreakableText({ text }: { readonly text: string }) {
  const pieces = useMemo(() => textPieces(text), [text]);
  return pieces.map((piece, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces are nothing but their place in the text.
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {piece}
    </Fragment>
  ));
}
