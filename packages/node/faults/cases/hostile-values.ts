// Case 36: whatever else a host may pass.
import { startChild } from "../../test/child.ts";
import { parseExposition } from "../../test/exposition.ts";
import { type OtlpSink, startOtlpSink } from "../../test/otlp-sink.ts";
import { type Check, check, type FaultCase } from "../fault-case.ts";
import { figuresWithoutItems } from "../fault-figures.ts";
import { metricsEnv } from "../harness/metrics-env.ts";

/** A value; and the text of a log record of the host's own logger, which people read as a whole. */
const MAX_VALUE_BYTES = 4_096;
const MAX_LOG_TEXT_BYTES = 65_536;

/** What the fixture tells. */
interface HostileReport {
  readonly threw: readonly string[];
  readonly dropped: object;
  readonly text: string;
  readonly polluted: boolean;
  readonly flows: { readonly flowsStarted: number; readonly flowsKept: number; readonly misuse: object };
}

/** The case. */
export const hostileValues: FaultCase = {
  id: "36",
  title: "5 MB texts, 10,000 attributes, depth 10,000, cycles, Proxies, throwing getters and toJSON, BigInt, Symbol",
  seconds: () => 15,
  async run(context) {
    const sink = await startOtlpSink();
    try {
      const report = await startChild("hostile.ts", {
        env: {
          ...metricsEnv(context, sink.url),
          TELEMETRY_INSTRUMENT: "all",
          // Five megabytes at every place take a while on a machine that others use.
          TELEMETRY_SHUTDOWN_TIMEOUT_MS: "20000",
        },
      }).result<HostileReport>();
      const { threw, dropped, flows, polluted, text } = report;
      const arrived = countFlows(sink);
      return {
        runs: 1,
        figures: figuresWithoutItems({
          throws: threw.length,
          flows: flows.flowsStarted,
          flows_arrived: arrived,
          misuse: flows.misuse,
          dropped,
          ...runsOf(sink),
        }),
        stock: undefined,
        checks: [
          check("no call throws", threw.length === 0, threw.slice(0, 5)),
          check("every flow that was started is at the sink", arrived === flows.flowsStarted, [arrived, flows]),
          check("nothing is dropped", Object.keys(dropped).length === 0, dropped),
          check("no prototype is polluted", !polluted),
          ...lengthChecks(sink),
          check("/metrics can be read", parseExposition(text).size > 0),
        ],
        headline: `${threw.length} throws, ${arrived} of ${flows.flowsStarted} flows at the receiver; misuse counted by kind: ${Object.keys(flows.misuse).length}`,
        stockHeadline: "not measured",
      };
    } finally {
      await sink.close();
    }
  },
};

/** The root span of a flow says how it ended; no other span does. */
function countFlows({ spans }: OtlpSink): number {
  const roots = spans.filter(({ attributes }) => attributes["trading.reason_code"] !== undefined);
  return new Set(roots.map(({ spanId }) => spanId)).size;
}

const RUN = /x{64,}/g;

/** The longest piece of the 5 MB text in all bytes that came, and in the texts of log records; and how many are longer than a value. */
function runsOf({ bodies, logs }: OtlpSink) {
  const runs = bodies.flatMap((body) => body.match(RUN) ?? []).map((run) => run.length);
  const inTexts = logs.flatMap(({ body }) => JSON.stringify(body ?? "").match(RUN) ?? []).map((run) => run.length);
  const beyond = (lengths: readonly number[]): number => lengths.filter((length) => length > MAX_VALUE_BYTES).length;
  return {
    longest_run: Math.max(0, ...runs),
    longest_run_in_log_text: Math.max(0, ...inTexts),
    long_runs: beyond(runs),
    long_runs_in_log_texts: beyond(inTexts),
  };
}

function lengthChecks(sink: OtlpSink): Check[] {
  const found = runsOf(sink);
  return [
    check(
      "values are cut at 4 KiB, all but the texts of log records",
      found.long_runs === found.long_runs_in_log_texts,
      found,
    ),
    check("and those at 64 KiB", found.longest_run <= MAX_LOG_TEXT_BYTES, found),
    check("the long text has arrived, cut", found.longest_run >= MAX_VALUE_BYTES / 2, found),
  ];
}
