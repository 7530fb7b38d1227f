// Telemetry health: what arrives, what is lost and why, what is stored, what is in force.
import { type Health, useHealth } from "../../app/use-health.ts";
import { bytesText, countText, shortCountText } from "../../format/number-text.ts";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { AlertingFacts } from "./alerting-facts.tsx";
import { ConfigurationTable } from "./configuration-table.tsx";
import { DropTable } from "./drop-table.tsx";
import { Figure } from "./figure.tsx";
import styles from "./health.module.css";
import { ProblemList } from "./problem-list.tsx";
import { rateText } from "./rate-text.ts";
import { RetentionTable } from "./retention-table.tsx";
import { SignalTable } from "./signal-table.tsx";
import { SourceTable } from "./source-table.tsx";
import { StoreFacts } from "./store-facts.tsx";
import { useRates } from "./use-rates.ts";

/** The screen. */
export function HealthScreen() {
  const answer = useHealth();
  const rates = useRates(answer.data, answer.dataUpdatedAt);
  return <AnswerState answer={answer}>{(health) => <Report health={health} rates={rates} />}</AnswerState>;
}

function Report({ health, rates }: { readonly health: Health; readonly rates: Readonly<Record<string, number>> }) {
  const { store, live } = health;
  const dropped = health.dropped.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={styles.screen}>
      <ProblemList problems={health.problems} />
      <dl className={styles.figures}>
        <Figure label="Written a second" value={rateText(rates["written"])} note="events, spans and points" />
        <Figure
          label="Events stored"
          value={shortCountText(store.events)}
          note={`${countText(store.decisions)} decisions`}
        />
        <Figure label="Spans stored" value={shortCountText(store.spans)} />
        <Figure label="Database" value={bytesText(store.size_bytes)} note={`${bytesText(store.log_bytes)} of log`} />
        <Figure
          label="Dropped in 24 h"
          value={shortCountText(dropped)}
          tone={dropped > 0 ? "reject" : "accept"}
          note={dropped > 0 ? "see below: by what and why" : "nothing was lost"}
        />
        <Figure
          label="Live readers"
          value={countText(live.readers)}
          note={
            live.skipped > 0
              ? `${countText(live.skipped)} events skipped for slow ones`
              : `${rateText(rates["sent"])} sent`
          }
        />
      </dl>
      <Panel title="What arrives" note="OTLP over HTTP, since the start" className={styles.scroll} flush>
        <SignalTable signals={health.signals} rates={rates} />
      </Panel>
      <div className={styles.columns}>
        <div>
          <Panel
            title="Who sends"
            note={`${countText(health.sources.length)} in the last 24 hours`}
            className={styles.scroll}
            flush
          >
            <SourceTable sources={health.sources} />
          </Panel>
          <Panel title="Store" className={styles.scroll} flush>
            <StoreFacts store={store} />
          </Panel>
        </div>
        <div>
          <Panel title="What is dropped" note="as the services count it" className={styles.scroll} flush>
            <DropTable dropped={health.dropped} />
          </Panel>
          <Panel title="Alerting" className={styles.scroll} flush>
            <AlertingFacts alerts={health.alerts} />
          </Panel>
          <Panel title="Retention" className={styles.scroll} flush>
            <RetentionTable retention={health.retention} />
          </Panel>
          <Panel title="Configuration in force" note="secrets are masked" className={styles.scroll} flush>
            <ConfigurationTable configuration={health.configuration} />
          </Panel>
        </div>
      </div>
    </div>
  );
}
