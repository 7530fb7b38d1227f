// What PostgreSQL's errors mean: what no further try can mend, and what to do about one that comes at the start.
import { factsOf } from "../shared/error-facts.ts";

/**
 * Whether the data themselves are at fault: SQLSTATE class 22 (a value that cannot be) or 23 (a constraint). The same statement
 * will fail again.
 */
export function isDataError(error: unknown): boolean {
  return /^2[23][0-9A-Z]{3}$/.test(codeOf(error));
}

/** One line for people about a database that cannot be used: what is wrong and what to do. Holds no password. */
export function explainDatabaseError(error: unknown, url: URL): Error {
  const at = url.host || "its socket";
  const user = url.username === "" ? "the user" : `the user ${decodeURIComponent(url.username)}`;
  const database = decodeURIComponent(url.pathname.slice(1)) || "of that name";
  const code = codeOf(error);
  const { error_message: message } = factsOf(error);
  const explanations: Readonly<Record<string, string>> = {
    "28P01": `does not take the password of ${user}: correct it in DATABASE_URL`,
    "28000": `does not let ${user} in: name another in DATABASE_URL, or allow this one in pg_hba.conf`,
    "3D000": `has no database ${database}: create it, or name another in DATABASE_URL`,
    "42501": `does not let ${user} make the schema signal_bot: grant CREATE on the database, or name another user in DATABASE_URL`,
    ECONNREFUSED: "is not there: start it, or correct host and port in DATABASE_URL",
    ENOENT: "is not there: start it, or correct host and port in DATABASE_URL",
    ENOTFOUND: "has a host name that nobody knows: correct it in DATABASE_URL",
    EAI_AGAIN: "has a host name that nobody knows: correct it in DATABASE_URL",
  };
  const what =
    explanations[code] ??
    (/^SASL/.test(message) ? `wants a password for ${user}: write it into DATABASE_URL` : undefined) ??
    (/time(d )?out/i.test(message) || /^E(TIMEDOUT|HOSTUNREACH|NETUNREACH)$/.test(code)
      ? "gives no answer: is it the right host and port in DATABASE_URL, and the way to it open?"
      : `cannot be used (${code || message}): is DATABASE_URL right?`);
  return new Error(`PostgreSQL at ${at} ${what}`, { cause: error });
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}
