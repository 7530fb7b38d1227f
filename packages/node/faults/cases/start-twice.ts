// Case 15: telemetry started twice at once, used before its start and after its end, and started again.
import { startChild } from "../../test/child.ts";
import { startOtlpSink } from "../../test/otlp-sink.ts";
import { botEnv } from "../bot/bot.ts";
import { check, type FaultCase } from "../fault-case.ts";
import { figuresWithoutItems } from "../fault-figures.ts";

/** What the fixture tells. */
interface TwiceReport {
  readonly same: boolean;
  readonly instances: readonly string[];
  readonly flows: readonly number[];
  readonly dropped: readonly object[];
}

/** The case. */
export const startTwice: FaultCase = {
  id: "15",
  title: "Started twice, used before the start and after the end, started again",
  seconds: () => 5,
  async run(context) {
    const sink = await startOtlpSink();
    try {
      // Whatever throws ends the fixture with another code than 0, and that rejects.
      const env = botEnv({ observer: "tracebook", endpoint: sink.url, dir: context.folder("twice") });
      const report = await startChild("twice.ts", { env, register: false }).result<TwiceReport>();
      const ticks = sink.spans.filter((span) => span.name === "tick");
      const lives = ticks.map((span) => String(span.attributes["trading.life"])).sort();
      const spans = new Set(sink.spans.map((span) => `${span.traceId} ${span.spanId}`));
      const duplicates = sink.spans.length - spans.size;
      return {
        runs: 1,
        figures: figuresWithoutItems({ throws: 0, lives, duplicates }),
        stock: undefined,
        checks: [
          check("the second start gives what runs", report.same, report),
          check("a flow of each life arrives, once, and no other", lives.join() === "first,second", lives),
          check("no span comes twice", duplicates === 0, duplicates),
          check(
            "nothing is dropped",
            report.dropped.every((one) => Object.keys(one).length === 0),
            report.dropped,
          ),
        ],
        headline: `0 throws, ${duplicates} duplicates`,
        stockHeadline: "not measured",
      };
    } finally {
      await sink.close();
    }
  },
};
