// The engine while the clock of its machine is set back and forth, while the machine sleeps, and beside clocks that are behind.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { START } from "../../test/alert-arbitraries.ts";
import { changesOf, createLiveRun, type LiveRun } from "../../test/live-run.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { toStoredRule } from "../rules/stored-rule.ts";

/** Fires with one error within the last ten seconds. */
const ERRORS = frequency({ threshold: 1 });
const HOUR_MS = 3_600_000;
/** No alert of these tests is quiet because it changes often. */
const lifecycle = { reopenWithinSeconds: 0, maxChanges: 1_000, flapWindowSeconds: 600 };

describe("a clock that is set back", () => {
  test("stops nothing: what happens after it fires at once, and one line says by how much it was", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 100);
    run.setByMs = -HOUR_MS;
    await lookAt(run, 101, 102);
    pushError(run);
    await lookAt(run, 103, 120);
    // By the new time; the error happened in the second before.
    expect(changesOf(run.records)).toEqual([
      ["firing", 103 - 3_600],
      ["resolved", 113 - 3_600],
    ]);
    expect(run.problems).toEqual([expect.stringContaining("was set back by 60 min")]);
    expect(run.engine.stats()).toMatchObject({ role: "evaluator", clockSteps: 1, failures: 0 });
  });

  test("evaluates nothing twice: seconds that come again bring no alert of what happened in them the first time", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 20);
    pushError(run);
    await lookAt(run, 21, 60);
    const before = changesOf(run.records);
    expect(before).toHaveLength(2);
    run.setByMs = -55_000;
    await lookAt(run, 61, 100);
    // Nor after the process has died in the midst of them, or somebody has written another rule.
    run.restart();
    await run.records.saveRule(toStoredRule(frequency({ threshold: 1, name: "Others" }), textOf(run)));
    await lookAt(run, 101, 200);
    expect(changesOf(run.records)).toEqual(before);
    expect(run.records.outbox.size).toBe(2);
    expect(run.problems).toHaveLength(1);
  });

  test.each([3_000, 8_000, HOUR_MS])(
    "by %i ms goes through the midst of windows as if there had been none",
    async (byMs) => {
      const two = frequency({ threshold: 2 });
      const run = await createLiveRun([two], { lifecycle });
      await lookAt(run, 0, 100);
      pushError(run);
      await lookAt(run, 101, 103);
      run.setByMs = -byMs;
      await lookAt(run, 104, 104);
      pushError(run);
      await lookAt(run, 105, 130);
      const by = byMs / 1_000;
      // The first error leaves the window ten seconds after it happened.
      expect(changesOf(run.records)).toEqual([
        ["firing", 105 - by],
        ["resolved", 111 - by],
      ]);
    },
  );

  test("leaves an alert firing that fires, whoever evaluates then, and one with an id that is taken gets another", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 50);
    pushError(run);
    await lookAt(run, 51, 80);
    pushError(run);
    await lookAt(run, 81, 82);
    // The second 51 comes again right now.
    run.setByMs = -32_000;
    await lookAt(run, 83, 84);
    run.restart();
    await lookAt(run, 85, 90);
    const open = [...run.records.alertsById.values()].filter(({ state }) => state === "firing");
    expect(open).toHaveLength(1);
    await lookAt(run, 91, 99);
    // So does an error in it.
    run.setByMs = -50_000;
    await lookAt(run, 100, 100);
    pushError(run);
    await lookAt(run, 101, 130);
    expect(run.problems.filter((problem) => !problem.includes("was set back"))).toEqual([]);
    const alerts = [...run.records.alertsById.values()];
    expect(alerts.map(({ state }) => state)).toEqual(["resolved", "resolved", "resolved"]);
    expect(run.records.outbox.size).toBe(6);
    for (const { alert_id, alert } of run.records.outbox.values()) expect(alert.alert_id).toBe(alert_id);
    const changes = run.records.entries.map(({ change }) => change);
    expect(changes).toEqual(["firing", "resolved", "firing", "resolved", "firing", "resolved"]);
  });

  test("keeps the order of a rule's alerts, so that the one that is open is led to its end after a restart", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 40);
    pushError(run);
    await lookAt(run, 41, 60);
    run.setByMs = -50_000;
    await lookAt(run, 61, 65);
    pushError(run);
    await lookAt(run, 66, 67);
    run.restart();
    await lookAt(run, 68, 90);
    expect([...run.records.alertsById.values()].map(({ state }) => state)).toEqual(["resolved", "resolved"]);
  });
});

describe("a clock that is set forward, or a machine that sleeps", () => {
  const absences = ["a", "b", "c"].map((name) =>
    parseAlertRule({
      rule_name: name,
      rule_type: "data_absence",
      severity: "critical",
      condition_config: { stream: { event_type: "error_event" }, absent_for_seconds: 30 },
    }),
  );

  test("makes no stream absent for the time that was skipped, and one that stays away is", async () => {
    const run = await createLiveRun(absences, { lifecycle });
    const flow = async (from: number, to: number) => {
      for (let second = from; second <= to; second++) {
        await lookAt(run, second, second);
        pushError(run);
      }
    };
    await flow(0, 60);
    run.setByMs = 3 * HOUR_MS;
    await flow(61, 100);
    expect(changesOf(run.records)).toEqual([]);
    expect(run.problems).toEqual([expect.stringContaining("was set forward by 3 h, or the machine slept")]);
    expect(run.engine.stats().clockSteps).toBe(1);
    await lookAt(run, 101, 140);
    const fired = 131 + 3 * 3_600;
    expect(changesOf(run.records)).toEqual(absences.map(() => ["firing", fired]));
  });

  test("makes nothing too little for the time that was skipped, and what stays too little is", async () => {
    const run = await createLiveRun([frequency({ operator: "<", threshold: 5 })], { lifecycle });
    for (let second = 1; second <= 20; second++) run.push({ eventType: "error_event", second: START + second - 21 });
    const flow = async (from: number, to: number) => {
      for (let second = from; second <= to; second++) {
        await lookAt(run, second, second);
        pushError(run);
      }
    };
    await flow(0, 60);
    run.setByMs = 3 * HOUR_MS;
    await flow(61, 100);
    expect(changesOf(run.records)).toEqual([]);
    await lookAt(run, 101, 140);
    expect(changesOf(run.records).map(([change]) => change)).toEqual(["firing"]);
  });

  test("evaluates hours of seconds a few minutes at a time, and what happened in them fires", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 20);
    const untils: number[] = [];
    run.records.afterCommit = ({ engine }) => void untils.push(engine!.evaluated_until);
    run.push({ eventType: "error_event", second: START + 5_000 });
    run.setByMs = 3 * HOUR_MS;
    await lookAt(run, 21, 21);
    expect(untils.at(-1)).toBeGreaterThan(START + 3 * 3_600);
    for (const [i, until] of untils.slice(1).entries()) expect(until - untils[i]!).toBeLessThanOrEqual(300);
    expect(changesOf(run.records)).toEqual([
      ["firing", 5_001],
      ["resolved", 5_011],
    ]);
  });

  test("ends in the midst of it when it is stopped, and goes on there", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 1);
    run.nowMs = 10 * HOUR_MS + 500;
    let stopped: Promise<void> | undefined;
    run.records.afterCommit = () => {
      stopped ??= run.engine.stop();
    };
    await run.engine.look();
    await stopped;
    const until = (await run.records.engineState())!.evaluated_until - START;
    expect(until).toBeLessThan(1_000);
    run.restart("two");
    await run.engine.look();
    expect((await run.records.engineState())!.evaluated_until - START).toBe(36_000);
  });
});

describe("the lease", () => {
  test("is another's within its length after a clock was set back by an hour and its holder has died", async () => {
    const run = await createLiveRun([ERRORS], { leaseMs: 5_000 });
    const first = run.engine;
    await lookAt(run, 0, 10);
    run.setByMs = -HOUR_MS;
    run.nowMs = 11_500;
    await first.look();
    const second = run.restart("two");
    for (let at = 12; at <= 17; at++) {
      run.nowMs = at * 1_000 + 500;
      await second.look();
    }
    expect(second.stats().role).toBe("evaluator");
  });

  test("is taken from one that died as its clock was set back, once it has given no sign of life for two minutes", async () => {
    const run = await createLiveRun([ERRORS], { leaseMs: 5_000 });
    await lookAt(run, 0, 10);
    run.setByMs = -HOUR_MS;
    const second = run.restart("two");
    const roles: string[] = [];
    for (let at = 11; at <= 140; at++) {
      run.nowMs = at * 1_000 + 500;
      await second.look();
      roles.push(second.stats().role);
    }
    expect(roles.indexOf("evaluator")).toBeGreaterThan(100);
    expect(run.engine.stats().role).toBe("evaluator");
    expect(run.problems).toEqual([expect.stringMatching(/5\d min behind that of the process/)]);
  });

  test("stays with one that is alive, however far ahead its end seems to be", async () => {
    const run = await createLiveRun([ERRORS], { leaseMs: 5_000 });
    const first = run.engine;
    run.setByMs = HOUR_MS;
    await lookAt(run, 0, 10);
    // What the other's clock shows is an hour less.
    const second = run.restart("two");
    for (let at = 11; at <= 200; at++) {
      run.nowMs = at * 1_000 + 500;
      run.setByMs = HOUR_MS;
      await first.look();
      run.setByMs = 0;
      await second.look();
      expect(second.stats().role).toBe("stopped");
    }
  });
});

describe("a process whose clock is behind that of the one before", () => {
  test("waits until it has caught up, and says so when that takes more than a few seconds", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 100);
    await run.engine.stop();
    run.setByMs = -4_000;
    run.restart("two");
    await lookAt(run, 101, 102);
    expect(run.problems).toEqual([]);
    await run.engine.stop();
    run.setByMs = -13_000;
    run.restart("three");
    await lookAt(run, 103, 104);
    pushError(run);
    await lookAt(run, 105, 130);
    expect(run.problems).toEqual([expect.stringMatching(/10 s behind .* once it has caught up/)]);
    expect(changesOf(run.records).map(([change]) => change)).toEqual(["firing", "resolved"]);
    expect(run.engine.stats().clockSteps).toBe(0);
  });

  test("goes on by its own time, and says so, when it is far behind", async () => {
    const run = await createLiveRun([ERRORS], { lifecycle });
    await lookAt(run, 0, 50);
    pushError(run);
    await lookAt(run, 51, 100);
    await run.engine.stop();
    run.setByMs = -HOUR_MS;
    run.restart("two");
    await lookAt(run, 101, 105);
    pushError(run);
    await lookAt(run, 106, 107);
    expect(run.problems).toEqual([expect.stringMatching(/59.8 min behind .* by the time of this one/)]);
    expect(changesOf(run.records).at(-1)).toEqual(["firing", 106 - 3_600]);
    expect(run.records.outbox.size).toBe(3);
  });
});

test("however often a clock is set and an engine dies, each of some errors fires once, resolves once, and is told once", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ gap: fc.integer({ min: 16, max: 40 }) }), { minLength: 1, maxLength: 6 }),
      fc.array(
        fc.record({
          second: fc.integer({ min: 1, max: 200 }),
          byMs: fc
            .oneof(fc.integer({ min: -120, max: 120 }), fc.constantFrom(-7_200, 7_200, -3_600, -2, 2))
            .map((s) => s * 1_000),
        }),
        { maxLength: 4 },
      ),
      fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 4 }),
      async (errors, steps, deaths) => {
        const run = await createLiveRun([ERRORS], { lifecycle });
        await run.engine.look();
        let next = 3;
        const at = new Set<number>();
        for (const { gap } of errors) {
          at.add(next);
          next += gap;
        }
        for (let second = 1; second <= next + 20; second++) {
          for (const step of steps) if (step.second === second) run.setByMs += step.byMs;
          if (deaths.includes(second)) run.restart();
          await lookAt(run, second, second);
          if (at.has(second)) pushError(run);
        }
        const changes = changesOf(run.records).map(([change]) => change);
        expect(changes).toEqual([...at].flatMap(() => ["firing", "resolved"]));
        expect(run.records.outbox.size).toBe(2 * at.size);
        expect(run.engine.stats().failures).toBe(0);
      },
    ),
    { numRuns: 300 },
  ));

interface FrequencyOptions {
  readonly threshold: number;
  readonly operator?: string;
  readonly name?: string;
}

function frequency({ threshold, operator = ">=", name = "Errors" }: FrequencyOptions) {
  return parseAlertRule({
    rule_name: name,
    rule_type: "event_frequency",
    severity: "error",
    condition_config: { event_type: "error_event", operator, threshold, time_window_minutes: 10 / 60 },
  });
}

/** An error in the second that the clock on the wall shows. */
function pushError(run: LiveRun): void {
  run.push({ eventType: "error_event", second: START + Math.floor((run.nowMs + run.setByMs) / 1_000) });
}

function textOf(run: LiveRun): string {
  return new Date(START * 1_000 + run.nowMs + run.setByMs).toISOString().replace("Z", "000Z");
}

/** `from` and `to` are seconds that have passed, whatever the wall shows. */
async function lookAt(run: LiveRun, from: number, to: number): Promise<void> {
  for (let second = from; second <= to; second++) {
    run.nowMs = second * 1_000 + 500;
    await run.engine.look();
  }
}
