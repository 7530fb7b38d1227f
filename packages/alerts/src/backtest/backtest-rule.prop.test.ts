// A back-test says what the live engine does on the same data, to the second, however often that is restarted.
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRule, anyStream, START } from "../../test/alert-arbitraries.ts";
import { changesOf, createLiveRun, play } from "../../test/live-run.ts";
import { createMemoryFeed } from "../../test/memory-feed.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { type BacktestResult, backtestRule } from "./backtest-rule.ts";

const SECONDS = 100;
const RANGE = { from: toText(START), to: toText(START + SECONDS) };

test("a back-test fires and resolves when the live engine does, and would have sent as many notifications", () =>
  fc.assert(
    fc.asyncProperty(anyRule, anyStream, async (rule, stream) => {
      const run = await createLiveRun([rule]);
      await play(run, stream, SECONDS);
      const feed = createMemoryFeed();
      feed.items.push(...stream);
      const result = await backtestRule(rule, feed, RANGE);
      expect(run.problems).toEqual([]);
      expect(toChanges(result)).toEqual(changesOf(run.records));
      expect(result.notifications).toBe(run.records.outbox.size);
      expect(result.precision).toBe("second");
    }),
    { numRuns: 300 },
  ));

test("what happens in the first second of the range is counted once", async () => {
  const rule = parseAlertRule({
    rule_name: "Two in a second",
    rule_type: "event_frequency",
    condition_config: { event_type: "error_event", operator: ">", threshold: 1, time_window_minutes: 1 / 60 },
    severity: "warning",
  });
  const feed = createMemoryFeed();
  feed.items.push({ eventType: "error_event", second: START, symbol: null, severityNumber: 9, fields: {} });
  expect((await backtestRule(rule, feed, RANGE)).firings).toEqual([]);
});

test("an engine that dies before or after any commit, and one that rests, fire and notify the same, each once", () =>
  fc.assert(
    fc.asyncProperty(
      anyRule,
      anyStream,
      fc.array(
        fc.record({ second: fc.integer({ min: 1, max: SECONDS }), kind: fc.constantFrom("before", "after", "rest") }),
        {
          maxLength: 12,
        },
      ),
      async (rule, stream, blows) => {
        const undisturbed = await createLiveRun([rule]);
        await play(undisturbed, stream, SECONDS);
        // One that breaks is tried again when the engine begins anew, and may not break then.
        fc.pre((await undisturbed.records.rule(rule.rule_id))?.problem === null);
        const run = await createLiveRun([rule]);
        const kinds = new Map(blows.map(({ second, kind }) => [second, kind]));
        await play(run, stream, SECONDS, async (second) => {
          const kind = kinds.get(second);
          const die = (): never => {
            throw new Error("killed");
          };
          run.records.beforeCommit = kind === "before" ? die : () => {};
          run.records.afterCommit = kind === "after" ? die : () => {};
          if (kind === "before" || kind === "after") await run.engine.look();
          run.records.beforeCommit = () => {};
          run.records.afterCommit = () => {};
          if (kind !== undefined) run.restart();
        });
        expect(changesOf(run.records)).toEqual(changesOf(undisturbed.records));
        expect([...run.records.outbox.keys()]).toEqual([...undisturbed.records.outbox.keys()]);
      },
    ),
    { numRuns: 200 },
  ));

test("one engine that looks seldom fires at the same seconds as one that looks each second", () =>
  fc.assert(
    fc.asyncProperty(anyRule, anyStream, fc.integer({ min: 2, max: 40 }), async (rule, stream, every) => {
      const often = await createLiveRun([rule]);
      await play(often, stream, SECONDS);
      const seldom = await createLiveRun([rule]);
      const { engine } = seldom;
      const look = engine.look;
      let looks = 0;
      seldom.engine = { ...engine, look: async () => (looks++ % every === 0 ? look() : undefined) };
      await play(seldom, stream, SECONDS);
      await look();
      expect(changesOf(seldom.records)).toEqual(changesOf(often.records));
    }),
    { numRuns: 150 },
  ));

function toChanges({ firings }: BacktestResult): readonly (readonly [string, number])[] {
  return firings.flatMap(({ fired_at, resolved_at, is_reopened }) => [
    [is_reopened ? "reopened" : "firing", Date.parse(fired_at) / 1_000 - START] as const,
    ...(resolved_at === null ? [] : [["resolved", Date.parse(resolved_at) / 1_000 - START] as const]),
  ]);
}

function toText(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`;
}
