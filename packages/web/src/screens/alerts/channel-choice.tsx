// Who is told: the channels of the desk, each of which can be tried.
import { useState } from "react";
import type { ApiProblem } from "../../api/client.ts";
import { type Reply, tell } from "../../api/tell.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Button } from "../../ui/button.tsx";
import { useRuleWriting } from "./rule-context.ts";
import styles from "./rule-editor.module.css";

type Tested = Reply<"post", "/api/telemetry/alert-channels/{channel}/test">;

const OUTCOMES: Readonly<Record<Tested["outcome"], string>> = {
  delivered: "It arrived",
  skipped: "Nothing was sent",
  retry: "It did not arrive now",
  refused: "It was refused",
};

/** The choice. */
export function ChannelChoice() {
  const { draft, write } = useRuleWriting();
  const answer = useAnswer("/api/telemetry/alert-channels", {}, { freshMs: 30_000 });
  const given = draft["notification_channels"];
  const chosen: readonly unknown[] = Array.isArray(given) ? given : [];
  const known = answer.data?.channels ?? [];
  const problem = answer.data?.problem ?? null;
  const gone = chosen.filter((name) => !known.some((channel) => channel.name === name)).map(String);
  const turn = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name];
    write("notification_channels", next.length === 0 ? undefined : next);
  };
  return (
    <fieldset className={styles.channels}>
      <legend>Who is told</legend>
      {problem !== null ? (
        <p className={styles.problem}>{problem}</p>
      ) : (
        <p className={styles.hint}>{hintOf(known.length, chosen.length)}</p>
      )}
      <ul>
        {known.map(({ name, kind, destination }) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => turn(name)} />
              <b>{name.slice(0, 100)}</b>
              <span>{`${kind.slice(0, 40)} · ${destination.slice(0, 200)}`}</span>
            </label>
            <ChannelTest name={name} />
          </li>
        ))}
        {gone.map((name) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked onChange={() => turn(name)} />
              <b>{name.slice(0, 100)}</b>
              <span>is no channel of this desk</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function hintOf(known: number, chosen: number): string {
  if (known === 0) return "This desk has no channels yet: TELEMETRY_ALERT_NOTIFICATIONS_FILE names them.";
  return chosen === 0
    ? "None chosen: the routes of the desk say who."
    : "Those that are chosen, whatever the routes say.";
}

function ChannelTest({ name }: { readonly name: string }) {
  const [said, setSaid] = useState<{ readonly isProblem: boolean; readonly text: string }>();
  const [isBusy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    try {
      const path = "/api/telemetry/alert-channels/{channel}/test";
      const { outcome, words } = await tell("post", path, { values: { channel: name }, body: {} });
      setSaid({ isProblem: outcome !== "delivered", text: `${OUTCOMES[outcome]}: ${words}` });
    } catch (problem) {
      setSaid({ isProblem: true, text: (problem as ApiProblem).message });
    }
    setBusy(false);
  };
  return (
    <>
      <Button disabled={isBusy} aria-label={`Send a test over ${name}`} onClick={() => void test()}>
        {isBusy ? "Sending" : "Send a test"}
      </Button>
      {said !== undefined && (
        <p role="status" className={said.isProblem ? styles.problem : styles.good}>
          {said.text}
        </p>
      )}
    </>
  );
}
