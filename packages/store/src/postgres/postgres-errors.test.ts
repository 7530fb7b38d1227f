// What PostgreSQL says, in the words of the store.
import { describe, expect, test } from "vitest";
import { StoreError } from "../errors.ts";
import { isConflict, toPostgresError } from "./postgres-errors.ts";

const PLACE = "postgres://127.0.0.1:5432/bot";
const said = (code: string, message = "it is so") => Object.assign(new Error(message), { code, severity: "ERROR" });
const codeOf = (error: unknown) => (toPostgresError(error, "writing to", PLACE) as StoreError).code;

describe("errors of PostgreSQL", () => {
  test.each([
    ["53100", "database_full"],
    ["53300", "database_busy"],
    ["55P03", "database_busy"],
    ["57014", "database_busy"],
    ["40001", "database_busy"],
    ["57P01", "database_unavailable"],
    ["57P03", "database_unavailable"],
    ["08006", "database_unavailable"],
    ["28P01", "database_unavailable"],
    ["3D000", "database_unavailable"],
    ["25006", "database_unavailable"],
    ["42501", "database_unavailable"],
    ["XX001", "database_corrupt"],
    ["22P02", "store_failed"],
  ])("SQLSTATE %s is %s", (state, code) => {
    expect(codeOf(said(state))).toBe(code);
    expect(toPostgresError(said(state), "writing to", PLACE).message).toContain(
      `writing to ${PLACE}: it is so (SQLSTATE ${state}).`,
    );
  });

  test("a connection that is refused, lost or silent is one that is not there", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
    for (const error of [
      refused,
      new Error("Connection terminated unexpectedly"),
      new Error("timeout expired"),
      new AggregateError([refused]),
    ])
      expect(codeOf(error)).toBe("database_unavailable");
    expect(codeOf(new Error("Query read timeout"))).toBe("database_busy");
  });

  test("errors of the store and of programs are themselves", () => {
    const own = new StoreError("invalid_query", "limit is 0.");
    expect(toPostgresError(own, "asking", PLACE)).toBe(own);
    const bug = new TypeError("x is not a function");
    expect(toPostgresError(bug, "asking", PLACE)).toBe(bug);
  });

  test("only what another transaction was in the way of is tried again at once", () => {
    expect([said("40001"), said("40P01"), said("40003"), new Error("40001")].map(isConflict)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
