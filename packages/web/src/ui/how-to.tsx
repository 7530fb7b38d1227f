// Nothing has come yet: what would be here in one sentence, and the line of code by which it comes.
import styles from "./how-to.module.css";
import { Empty } from "./panel.tsx";

/** What is missing, how it comes, and the line that makes it come. */
export function HowTo({ lead, text, line }: { readonly lead: string; readonly text: string; readonly line: string }) {
  return (
    <Empty>
      <p className={styles.lead}>{lead}</p>
      <p>{text}</p>
      <pre className={styles.line}>{line}</pre>
    </Empty>
  );
}
