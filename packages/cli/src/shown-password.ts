// A password on the command line: everybody on the machine sees it in the list of processes.

const ADVICE =
  "the password of --db can be read in the list of processes by everybody on this machine: leave --db out and give the " +
  "place as TRACEBOOK_DB, or the password as PGPASSWORD or in the file of PGPASSFILE, of ClickHouse as TELEMETRY_STORE_PASSWORD";

/** Says so, in one line, where a place as it was typed has one. */
export function adviseOnPassword(typed: string | undefined, note: (line: string) => void): void {
  if (typed === undefined || !/^[a-z]+:\/\//i.test(typed) || !URL.canParse(typed)) return;
  const { password, searchParams } = new URL(typed);
  if (password !== "" || searchParams.has("password")) note(ADVICE);
}
