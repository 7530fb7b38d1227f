// Alerting: whether rules are evaluated, how late, and whether people were told.
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Health } from "../../app/use-health.ts";
import { durationText } from "../../format/duration-text.ts";
import { countText } from "../../format/number-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Mark, type Tone } from "../../ui/mark.tsx";
import styles from "./health.module.css";

type Alerting = Health["alerts"];

const MAX_BROKEN = 20;
/** From the condition to the message it shall take 2 s at most. */
const LATE_S = 2;

const ROLES: Readonly<Record<Alerting["role"], string>> = {
  evaluator: "this desk",
  standby: "another desk of this store",
  idle: "nobody: there is no rule",
  stopped: "nobody: it has stopped",
  off: "nobody: TELEMETRY_ALERTS=false",
};

/** Facts as a list of names and values. */
export function AlertingFacts({ alerts }: { readonly alerts: Alerting }) {
  const { role, rules, broken_rules: broken, firing, channels } = alerts;
  const isEvaluated = role === "evaluator";
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Rules are evaluated by", ROLES[role]],
    ["Rules", <Rules key="rules" count={rules} broken={broken} />],
    ["Firing", <Link key="firing" href="/alerts">{`${countText(firing)} ${firing === 1 ? "alert" : "alerts"}`}</Link>],
    [
      "Behind",
      isEvaluated ? (
        <Marked key="lag" tone={alerts.lag_seconds > LATE_S ? "reject" : "accept"}>
          {secondsText(alerts.lag_seconds)}
        </Marked>
      ) : (
        "–"
      ),
    ],
    ["Last evaluation took", isEvaluated ? secondsText(alerts.evaluation_seconds) : "–"],
    ["Channels", countText(channels)],
    ["Messages that wait", countText(alerts.notifications_waiting)],
    [
      "Not delivered in 24 h",
      <Marked key="failed" tone={alerts.notifications_failed > 0 ? "error" : "accept"}>
        {countText(alerts.notifications_failed)}
      </Marked>,
    ],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rules({ count, broken }: { readonly count: number; readonly broken: Alerting["broken_rules"] }) {
  if (broken.length === 0) return <Marked tone="accept">{countText(count)}</Marked>;
  return (
    <>
      <Marked tone="error">{`${countText(count)}, ${countText(broken.length)} not evaluated`}</Marked>
      <ul className={styles.broken}>
        {broken.slice(0, MAX_BROKEN).map(({ rule, problem }) => (
          <li key={`${rule} ${problem}`}>
            <BreakableText text={`${rule}: ${problem}`} />
          </li>
        ))}
        {broken.length > MAX_BROKEN && <li>and {countText(broken.length - MAX_BROKEN)} more</li>}
      </ul>
    </>
  );
}

function Marked({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={styles.refused}>
      <Mark tone={tone} />
      {children}
    </span>
  );
}

function secondsText(seconds: number): string {
  return durationText(seconds * 1_000);
}
