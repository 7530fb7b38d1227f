import type { JudgedDecision, Store } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { ask, openTestDesk, testFolder, until } from "../../test/test-desk.ts";

/** A store in which there is always another page of decisions; each page waits until the test lets it through. */
async function endlessStore() {
  const own = await openSqliteStore({ path: `${testFolder()}/t.db` });
  onTestFinished(() => own.close());
  const state = { asked: 0, let: 0 };
  const decision = {
    event_id: 1,
    decision: "REJECT",
    reason_code: "insufficient_edge",
    edge_unit: "bps",
    net_edge: "1",
    min_threshold: "2",
    gates: [],
    gates_unreadable: false,
  } as unknown as JudgedDecision;
  const store: Store = {
    ...own,
    async judgedDecisions(_filter, limit) {
      const number = ++state.asked;
      await until(() => number <= state.let, 20_000);
      return Array.from({ length: limit }, (_, i) => ({ ...decision, event_id: 1_000_000 - number * limit - i }));
    },
  };
  return { store, state };
}

const WHATIF = "/api/telemetry/whatif?edge_unit=bps&max_decisions=1000000";

test("a question whose client goes away is asked no further", async () => {
  const { store, state } = await endlessStore();
  const { desk } = await openTestDesk({ store });
  const gone = new AbortController();
  const asked = fetch(`${desk.url}${WHATIF}`, { signal: gone.signal }).catch(() => "gone");
  await until(() => state.asked === 1);
  state.let = 1;
  await until(() => state.asked === 2);
  gone.abort();
  expect(await asked).toBe("gone");
  state.let = 2;
  // Others are answered, and nothing more is asked of the store for the one that is gone.
  for (let i = 0; i < 5; i++) expect((await ask(`${desk.url}/api/telemetry/events?offset=${i}`)).status).toBe(200);
  expect(state.asked).toBeLessThanOrEqual(3);
  const before = state.asked;
  state.let = 1_000_000;
  for (let i = 0; i < 5; i++) await ask(`${desk.url}/api/telemetry/events?offset=${10 + i}`);
  expect(state.asked).toBeLessThanOrEqual(before + 1);
});

test("no more than so many are worked on at a time: the rest is asked to come again, and light ones are answered meanwhile", async () => {
  const { store, state } = await endlessStore();
  const { desk } = await openTestDesk({ store }, { heavy: { running: 2, waiting: 0, patienceMs: 1_000 } });
  const gone = new AbortController();
  const asked = [1, 2].map((n) =>
    fetch(`${desk.url}${WHATIF}&min_threshold=${n}`, { signal: gone.signal }).catch(() => "gone"),
  );
  await until(() => state.asked === 2);
  const refused = await ask(`${desk.url}${WHATIF}&min_threshold=3`);
  expect([refused.status, refused.json.code, refused.headers.get("retry-after")]).toEqual([
    429,
    "too_many_questions",
    "2",
  ]);
  expect((await ask(`${desk.url}/api/telemetry/export`)).status).toBe(429);
  expect((await ask(`${desk.url}/api/telemetry/recent?limit=10000`)).status).toBe(429);
  expect((await ask(`${desk.url}/api/telemetry/analytics`)).status).toBe(200);
  // The same question again is no further one.
  const same = fetch(`${desk.url}${WHATIF}&min_threshold=1`, { signal: gone.signal }).catch(() => "gone");
  gone.abort();
  expect(await Promise.all([...asked, same])).toEqual(["gone", "gone", "gone"]);
  state.let = 1_000_000;
  await until(async () => (await ask(`${desk.url}/api/telemetry/export`)).status === 200);
});

test("what the time does not suffice for is an answer in part that says so", async () => {
  const { store, state } = await endlessStore();
  const { desk } = await openTestDesk({ store }, { budgetMs: 0 });
  state.let = 1_000_000;
  const { status, json } = await ask(`${desk.url}${WHATIF}`);
  expect([status, json.complete]).toEqual([200, false]);
  expect(json.examined).toBeLessThan(1_000_000);
});
