import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StoreError } from "../errors.ts";
import { CatchUp, isRefusal } from "./catch-up.ts";
import type { PostgresNotice } from "./writer-plan.ts";

const refusal = new StoreError("database_unavailable", "the server is gone.");

/** One import after the other: each ends when it is told to. */
function createImports() {
  const from: (string | undefined)[] = [];
  const to: string[] = [];
  const ends: PromiseWithResolvers<number>[] = [];
  const notices: PostgresNotice[] = [];
  const catchUp = new CatchUp(
    (range) => {
      const end = Promise.withResolvers<number>();
      from.push(range.from);
      to.push(range.to);
      ends.push(end);
      return end.promise;
    },
    (notice) => notices.push(notice),
  );
  return { catchUp, from, to, ends, notices };
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-20T12:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

test("what was recorded since shortly before the first refusal is brought in when something is written again", async () => {
  const { catchUp, from, to, ends, notices } = createImports();
  catchUp.refused(refusal);
  vi.advanceTimersByTime(60_000);
  catchUp.refused(refusal);
  expect(notices).toEqual([{ kind: "lost", problem: "the server is gone." }]);
  catchUp.accepted();
  expect(from).toEqual(["2026-11-20T11:59:00.000000Z"]);
  // Not to its end, which others go on moving.
  expect(to).toEqual(["2026-11-20T12:01:01.000000Z"]);
  ends[0]!.resolve(7);
  await vi.waitFor(() => expect(notices.at(-1)).toEqual({ kind: "caught_up", records: 7 }));
  catchUp.accepted();
  expect(from).toHaveLength(1);
});

test("the events that were refused say when they were recorded, whatever the clock says here", () => {
  const { catchUp, from } = createImports();
  catchUp.refused(refusal, Date.parse("2026-11-20T09:00:00Z"));
  catchUp.refused(refusal, Date.parse("2026-11-20T08:00:00Z"));
  catchUp.refused(refusal, Date.parse("2026-11-20T11:00:00Z"));
  catchUp.accepted();
  expect(from).toEqual(["2026-11-20T07:59:00.000000Z"]);
});

test("an import that the next outage cuts short begins again where the first one began", async () => {
  const { catchUp, from, ends, notices } = createImports();
  catchUp.refused(refusal);
  vi.advanceTimersByTime(3_600_000);
  catchUp.accepted();
  ends[0]!.reject(refusal);
  await vi.waitFor(() => expect(notices.map(({ kind }) => kind)).toEqual(["lost", "lost"]));
  vi.advanceTimersByTime(3_600_000);
  catchUp.accepted();
  expect(from).toEqual(["2026-11-20T11:59:00.000000Z", "2026-11-20T11:59:00.000000Z"]);
});

test("what is refused while a journal is read is looked for in it once more", async () => {
  const { catchUp, from, ends, notices } = createImports();
  catchUp.refused(refusal);
  catchUp.accepted();
  catchUp.refused(refusal);
  catchUp.accepted();
  ends[0]!.resolve(3);
  await vi.waitFor(() => expect(from).toHaveLength(2));
  ends[1]!.resolve(2);
  await vi.waitFor(() => expect(notices.at(-1)).toEqual({ kind: "caught_up", records: 5 }));
});

test("a journal that cannot be read is said once, and read again after the next outage", async () => {
  const { catchUp, from, ends, notices } = createImports();
  catchUp.refused(refusal);
  catchUp.accepted();
  ends[0]!.reject(new Error("no journal"));
  await vi.waitFor(() => expect(notices.at(-1)).toEqual({ kind: "catch_up_failed", problem: "no journal" }));
  // What was in it may be missing: a next start looks for it again.
  expect(catchUp.isComplete).toBe(false);
  catchUp.accepted();
  expect(from).toHaveLength(1);
  catchUp.refused(refusal);
  catchUp.accepted();
  expect(from).toHaveLength(2);
});

test("a store begins with what each instance has recorded behind its position, also after an outage meanwhile", async () => {
  const { catchUp, from, ends, notices } = createImports();
  catchUp.begin();
  expect(from).toEqual([undefined]);
  expect(catchUp.isComplete).toBe(false);
  ends[0]!.reject(refusal);
  await vi.waitFor(() => expect(notices).toHaveLength(1));
  catchUp.accepted();
  expect(from).toEqual([undefined, undefined]);
  ends[1]!.resolve(0);
  await vi.waitFor(() => expect(catchUp.isComplete).toBe(true));
});

test("a database that is busy or full has missed something, too; one that finds fault with the data has not", () => {
  const codes = ["database_unavailable", "database_busy", "database_full", "store_failed", "invalid_option"] as const;
  expect(codes.filter((code) => isRefusal(new StoreError(code, "no.")))).toEqual(codes.slice(0, 3));
  expect(isRefusal(new Error("database_full"))).toBe(false);
});
