// Requests that were served: how many came and failed over time, and each route with how long it took.
import { useMemo } from "react";
import type { Answer } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { TimeChart } from "../../charts/time-chart.tsx";
import { durationText } from "../../format/duration-text.ts";
import { countText, shareText } from "../../format/number-text.ts";
import { HowTo } from "../../ui/how-to.tsx";
import { Mark } from "../../ui/mark.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useSteadySpan } from "../../url/steady-span.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { sliceTimes, sliceValues } from "../latency/percentile-lines.ts";
import styles from "./request-panels.module.css";

type Requests = Answer<"/api/telemetry/request-activity">;

/** The panel. */
export function RequestPanels() {
  const { range, query, everyMs } = useSteadySpan();
  const wish = { ...query, step_seconds: range.stepSeconds };
  const answer = useAnswer("/api/telemetry/request-activity", wish, { everyMs, freshMs: 15_000 });
  const { data } = answer;
  return (
    <Panel title="Requests" note={data === undefined ? range.label : noteOf(data, range.label)} flush>
      <AnswerState answer={answer}>
        {(requests) =>
          requests.requests === 0 ? (
            <HowTo
              lead="No request was recorded in this range."
              text="A server that is wrapped once records one event for each request: route, status, duration, user."
              line="createServer(requestEvents(app)).listen(8000);"
            />
          ) : (
            <div className={styles.content}>
              <RequestChart requests={requests} />
              <RouteTable requests={requests} />
            </div>
          )
        }
      </AnswerState>
    </Panel>
  );
}

function noteOf({ requests, looked_back_to: back, routes_left_out: left }: Requests, label: string): string {
  const parts = [`${countText(requests)} in the ${label}`];
  if (back !== null) parts.push(`the newest, back to ${back.slice(0, 16).replace("T", " ")} UTC`);
  if (left > 0) parts.push(`${countText(left)} more routes`);
  return parts.join("; ");
}

/** Bars over each other: all, of them refused and failed, of them failed. */
function RequestChart({ requests: { slices, step_seconds: step } }: { readonly requests: Requests }) {
  const { range, setFixed } = useTimeRange();
  const { times, series } = useMemo(() => {
    const all = sliceTimes(slices, step);
    const read = (of: (slice: Requests["slices"][number]) => number) => sliceValues(all, slices, of);
    return {
      times: all,
      series: [
        { label: "requests", color: "series-1", shape: "bars" as const, values: read((one) => one.requests) },
        {
          label: "refused or failed",
          color: "reject",
          shape: "bars" as const,
          values: read(({ refused, failed }) => refused + failed),
        },
        { label: "failed", color: "error", shape: "bars" as const, values: read((one) => one.failed) },
      ],
    };
  }, [slices, step]);
  return (
    <div className={styles.chart}>
      <TimeChart
        title="Requests over time"
        times={times}
        series={series}
        from={range.from}
        to={range.to}
        text={countText}
        height={180}
        onSelect={setFixed}
      />
      <p className={styles.what}>
        In each {durationText(step * 1_000)}; refused: status 400 to 499, failed: from 500 on.
      </p>
    </div>
  );
}

function RouteTable({ requests: { routes } }: { readonly requests: Requests }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label="Routes">
      <table className={styles.table}>
        <thead>
          <tr>
            {["Route", "Service", "Requests", "Refused", "Failed", "p50", "p95", "Longest"].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {routes.map((route) => (
            <tr key={`${route.service_name} ${route.event_name}`}>
              <th scope="row" title={route.event_name.slice(0, 200)}>
                {route.event_name.slice(0, 200).replace("_", " ") || "(no name)"}
              </th>
              <td>{route.service_name?.slice(0, 100) || "–"}</td>
              <td>{countText(route.requests)}</td>
              <td>{route.refused === 0 ? "–" : shareText(route.refused, route.requests)}</td>
              <td data-failed={route.failed > 0}>
                {route.failed > 0 && <Mark tone="error" size={9} />}
                {route.failed === 0 ? "–" : shareText(route.failed, route.requests)}
              </td>
              <td>{durationText(route.p50_ms)}</td>
              <td className={styles.large}>{durationText(route.p95_ms)}</td>
              <td>{durationText(route.max_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
