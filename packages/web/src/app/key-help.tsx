// The list of keys that work here and now.
import { useEffect, useRef } from "react";
import styles from "./key-help.module.css";
import { useOfferedKeys } from "./keys.ts";

/** A dialog with all keys that are offered. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const groups = useOfferedKeys();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="key-help" onClose={onClose}>
      <header>
        <h2 id="key-help">Keys</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {groups.toReversed().map(({ title, bindings }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {bindings.map(({ key, what }) => (
              <div key={key}>
                <dt>
                  {key.split(/(?<=.) (?=.)/).map((one) => (
                    <kbd key={one}>{one === " " ? "space" : one}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </dialog>
  );
}
