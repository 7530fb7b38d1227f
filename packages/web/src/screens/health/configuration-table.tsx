// What is in force, and where each value came from.
import { useRef } from "react";
import { useKeys } from "../../app/keys.ts";
import type { Health } from "../../app/use-health.ts";
import { TextField } from "../../ui/button.tsx";
import { Empty } from "../../ui/panel.tsx";
import { useParameter } from "../../url/search-parameters.ts";
import styles from "./health.module.css";

/** The table, with a field that narrows it down. */
export function ConfigurationTable({ configuration }: { readonly configuration: Health["configuration"] }) {
  const [find = "", setFind] = useParameter("find");
  const field = useRef<HTMLInputElement>(null);
  useKeys("Telemetry health", [{ key: "/", what: "Find a setting", run: () => field.current?.focus() }]);
  const wanted = find.toLowerCase();
  const shown = configuration.filter(({ name, value, source }) =>
    `${name} ${value} ${source}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className={styles.find}>
        <TextField
          ref={field}
          label="Find a setting"
          placeholder="Find a setting  /"
          value={find}
          onChange={(text) => setFind(text, true)}
        />
      </div>
      {shown.length === 0 ? (
        <Empty>No setting has this in its name, value or source.</Empty>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col" className={styles.left}>
                Value
              </th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, value, source }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={styles.code}>{value}</td>
                <td>{source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
