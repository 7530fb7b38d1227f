// What users did last, or one of them.
import type { ReactNode } from "react";
import { Link } from "wouter";
import { askableText } from "../../api/askable-text.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { durationText } from "../../format/duration-text.ts";
import { titleText } from "../../format/name-text.ts";
import { clockText } from "../../format/time-text.ts";
import { ChoiceField } from "../../ui/choice-field.tsx";
import { HowTo } from "../../ui/how-to.tsx";
import { AnswerState, Empty, Panel } from "../../ui/panel.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { useActivitySpan } from "./use-activity-span.ts";
import { type UserAction, userActions } from "./user-actions.ts";
import styles from "./user-panel.module.css";

const MAX_ACTIONS = 100;

/** The panel; whose actions they are is in the address. */
export function UserPanel() {
  const { query, label, everyMs } = useActivitySpan();
  const [parameters, set] = useParameters();
  const user = parameters.get("user") ?? undefined;
  const options = { everyMs, freshMs: 10_000 };
  const wish = { ...query, limit: MAX_ACTIONS };
  const all = useAnswer("/api/telemetry/events", { ...wish, event_type: "user_action" }, options);
  const found = useAnswer(
    "/api/telemetry/events",
    { ...wish, user_id: askableText(user) },
    { ...options, enabled: user !== undefined },
  );
  const known = [...new Set(userActions(all.data?.events ?? []).map((action) => action.user))];
  return (
    <Panel
      title={user === undefined ? "Recent actions" : `Recent actions of ${user.slice(0, 60)}`}
      note={label}
      actions={
        <ChoiceField
          label="User"
          value={user ?? ""}
          placeholder="Any user"
          options={known}
          onChange={(value) => set({ user: value })}
        />
      }
      flush
    >
      {user === undefined ? (
        <AnswerState answer={all}>
          {({ events }) => <Actions actions={userActions(events)} empty={<NoActions />} />}
        </AnswerState>
      ) : (
        <AnswerState answer={found}>
          {({ events }) => (
            <Actions
              isOfOne
              actions={userActions(events)}
              empty={<Empty>No event of this user in the {label}.</Empty>}
            />
          )}
        </AnswerState>
      )}
    </Panel>
  );
}

function NoActions() {
  return (
    <HowTo
      lead="No user did anything in this range."
      text="What a user does is one event, with the user's id:"
      line={'tradingEvents.userAction.emit({ event_name: "user_login", user_id: "u-17" });'}
    />
  );
}

interface ActionsProps {
  readonly actions: readonly UserAction[];
  /** They are all of one user, whom the title names. */
  readonly isOfOne?: boolean;
  readonly empty: ReactNode;
}

function Actions({ actions, isOfOne = false, empty }: ActionsProps) {
  const [parameters, set] = useParameters();
  if (actions.length === 0) return empty;
  const heads = ["Time (UTC)", ...(isOfOne ? [] : ["User"]), "Action", "Category", "Took"];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label="Actions">
      <table className={styles.table}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => (
            <tr key={action.id}>
              <td title={action.timestamp}>
                <Link href={sharedAddress("/", parameters, { event: String(action.id) })}>
                  {`${action.timestamp.slice(5, 10)} ${clockText(action.timestamp).slice(0, 8)}`}
                </Link>
              </td>
              {!isOfOne && (
                <td>
                  <UserButton user={action.user} onChoose={() => set({ user: action.user })} />
                </td>
              )}
              <th scope="row" title={action.name.slice(0, 200)}>
                {action.name.slice(0, 100)}
              </th>
              <td>{titleText(action.category.slice(0, 60)) || "–"}</td>
              <td>{action.durationMs === undefined ? "–" : durationText(action.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function UserButton({ user, onChoose }: { readonly user: string; readonly onChoose: () => void }) {
  if (user === "") return "–";
  return (
    <button type="button" title="Only this user" onClick={onChoose}>
      {user.slice(0, 60)}
    </button>
  );
}
