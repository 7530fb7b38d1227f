import { describe, expect, it } from "vitest";
import { explainDatabaseError, isDataError } from "./database-error.ts";

const url = new URL("postgres://bot:ssw0rd@db.internal:5433/trading");
const failure = (code: string | undefined, message = "it failed"): Error => Object.assign(new Error(message), { code });

describe("an error of PostgreSQL", () => {
  it.each(["22P02", "22003", "23503", "23505"])("with the code %s is one of the data", (code) => {
    expect(isDataError(failure(code))).toBe(true);
  });

  it.each([undefined, "57P01", "08006", "40001", "ECONNREFUSED", "22", "EPIPE"])("with the code %s is not", (code) => {
    expect(isDataError(failure(code))).toBe(false);
    expect(isDataError(undefined)).toBe(false);
  });

  it.each([
    [failure("28P01"), /does not take the password of the user bot: .*DATABASE_URL/],
    [failure("28000"), /does not let the user bot in: .*DATABASE_URL/],
    [failure("3D000"), /has no database trading: .*DATABASE_URL/],
    [failure("42501"), /does not let the user bot make the schema signal_bot: .*DATABASE_URL/],
    [failure("ECONNREFUSED", ""), /is not there: start it.*DATABASE_URL/],
    [failure("ENOTFOUND"), /host name that nobody knows.*DATABASE_URL/],
    [failure(undefined, "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"), /wants a password/],
    [failure(undefined, "Connection terminated due to connection timeout"), /gives no answer: .*DATABASE_URL/],
    [failure(undefined, "timeout exceeded when trying to connect"), /gives no answer: .*DATABASE_URL/],
    [failure("53300"), /cannot be used \(53300\): is DATABASE_URL right/],
  ])("at the start, %s, is one line that says what to do", (error, message) => {
    const said = explainDatabaseError(error, url).message;
    expect(said).toMatch(message);
    expect(said).toMatch(/^PostgreSQL at db\.internal:5433 /);
    expect(said).not.toMatch(/ssw0rd|\n/);
  });
});
