// What users do by hour and category: a table whose cells are the warmer the more there was.
import { useEffect, useMemo, useRef } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { titleText } from "../../format/name-text.ts";
import { countText } from "../../format/number-text.ts";
import { unitAxisText } from "../../format/unit-text.ts";
import { Segments } from "../../ui/button.tsx";
import { HowTo } from "../../ui/how-to.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameter } from "../../url/search-parameters.ts";
import { type ActivityCell, type ActivityGrid, activityGrid } from "./activity-grid.ts";
import styles from "./activity-panel.module.css";
import { useActivitySpan } from "./use-activity-span.ts";

const MAX_CATEGORIES = 50;
/** Cells have room for some five letters. */
const short = unitAxisText("");
/** Steps of warmth that can be told apart. */
const STEPS = 5;

/** The panel. */
export function ActivityPanel() {
  const { query, fromMs, toMs, label, everyMs } = useActivitySpan();
  const answer = useAnswer("/api/telemetry/user-activity", query, { everyMs, freshMs: 30_000 });
  const [count, setCount] = useParameter("count");
  const isUsers = count === "users";
  const grid = useMemo(() => activityGrid(answer.data?.hours ?? [], fromMs, toMs), [answer.data, fromMs, toMs]);
  return (
    <Panel
      title="User activity"
      note={`by hour, ${label}`}
      actions={
        <Segments
          label="What is counted"
          value={isUsers ? "users" : "events"}
          options={[
            { value: "events", text: "Events" },
            { value: "users", text: "Users" },
          ]}
          onChange={(value) => setCount(value === "events" ? undefined : value, true)}
        />
      }
      flush
    >
      <AnswerState answer={answer}>
        {() =>
          grid.rows.every(({ category }) => category === "") ? (
            <HowTo
              lead="No event of a user in this range."
              text="What a user does is an event with a category and the user's id:"
              line={
                'tradingEvents.userAction.emit({ event_name: "user_login", event_category: "authentication", user_id: "u-17" });'
              }
            />
          ) : (
            <Grid grid={grid} read={(cell) => (isUsers ? cell.unique_users : cell.event_count)} />
          )
        }
      </AnswerState>
    </Panel>
  );
}

function Grid({ grid, read }: { readonly grid: ActivityGrid; readonly read: (cell: ActivityCell) => number }) {
  const { hours, rows } = grid;
  const scroll = useRef<HTMLElement>(null);
  // The newest hours first: whoever wants older ones goes left.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another number of hours it is another table.
  useEffect(() => scroll.current?.scrollTo({ left: scroll.current.scrollWidth }), [hours.length]);
  // What has no category is not what users do: it must not outshine them.
  const named = rows.filter(({ category }) => category !== "");
  const most = named.reduce(
    (top, { cells }) => cells.reduce((max, cell) => (cell === undefined ? max : Math.max(max, read(cell))), top),
    0,
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section ref={scroll} className={styles.scroll} tabIndex={0} aria-label="Activity by hour and category">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Category</th>
            {hours.map((hour, i) => (
              <th key={hour} scope="col" title={`${hour.slice(0, 10)} ${hour.slice(11, 16)} UTC`}>
                {i === 0 || hour.slice(11, 13) === "00" ? <b>{hour.slice(5, 10)}</b> : null}
                {hour.slice(11, 13)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MAX_CATEGORIES).map(({ category, cells }) => (
            <tr key={category}>
              <th scope="row" title={category.slice(0, 200)}>
                {titleText(category.slice(0, 100)) || "No category"}
              </th>
              {cells.map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is nothing but its hour.
                <Cell key={i} cell={cell} value={cell === undefined ? 0 : read(cell)} most={most} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({
  cell,
  value,
  most,
}: {
  readonly cell: ActivityCell | undefined;
  readonly value: number;
  readonly most: number;
}) {
  if (cell === undefined || value === 0) return <td className={styles.none}>·</td>;
  // By the square root, so that the few are seen beside the many.
  const heat = Math.min(STEPS, Math.max(1, Math.ceil(Math.sqrt(value / most) * STEPS)));
  const words = `${countText(cell.event_count)} events, ${countText(cell.unique_users)} users`;
  return (
    <td data-heat={heat} title={words}>
      {short(value)}
    </td>
  );
}
