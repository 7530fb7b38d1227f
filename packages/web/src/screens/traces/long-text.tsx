// A text of any length: its beginning, and the rest on demand.
import { useState } from "react";
import { BreakableText } from "../../ui/breakable-text.tsx";
import styles from "./long-text.module.css";

const SHORT = 300;

/** The text; line breaks and spaces are kept. */
export function LongText({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(false);
  if (text === "") return <span className={styles.empty}>empty</span>;
  if (text.length <= SHORT)
    return (
      <span className={styles.text}>
        <BreakableText text={text} />
      </span>
    );
  return (
    <span className={styles.text}>
      <BreakableText text={isWhole ? text : `${text.slice(0, SHORT)}…`} />{" "}
      <button type="button" className={styles.more} onClick={() => setWhole(!isWhole)}>
        {isWhole ? "less" : `all ${text.length.toLocaleString("en")} characters`}
      </button>
    </span>
  );
}
