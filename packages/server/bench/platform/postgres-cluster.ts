// A PostgreSQL server for a stage, with settings that are said, and what it has cost.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type PostgresServer, postgresBinaries, startPostgres } from "../../../store/test/postgres-server.ts";
import type { StageContext } from "./stage.ts";

const run = promisify(execFile);

/** A server that runs. */
export interface PostgresCluster {
  readonly url: string;
  readonly version: string;
  /** Its settings, as it says them itself. */
  readonly settings: Readonly<Record<string, string>>;
  /** CPU time of all its processes since its start, in microseconds; undefined where the system does not say. */
  cpuMicros(): number | undefined;
  /** The first value of the first row of an answer. */
  ask(sql: string): Promise<string>;
  close(): Promise<void>;
}

/** What a server in production has: nothing that is acknowledged is lost, not even when the machine loses its power. */
export const DURABLE = ["fsync=on", "synchronous_commit=on", "full_page_writes=on"];
/** Nothing waits for the disk. A power cut, or a crash of the machine, may take the whole database with it. */
export const UNSAFE = ["fsync=off", "synchronous_commit=off"];

const COMMON = ["shared_buffers=2GB", "max_wal_size=8GB", "checkpoint_timeout=15min", "effective_cache_size=8GB"];
const SHOWN = ["fsync", "synchronous_commit", "full_page_writes", "wal_level", "shared_buffers", "max_wal_size"];
/** `USER_HZ`, which is what Linux counts in, whatever its kernel does. */
const TICKS_PER_S = 100;

/** Where PostgreSQL is not installed: why a stage is skipped. */
export const NO_POSTGRES =
  "PostgreSQL is not installed: initdb and pg_ctl are neither on the PATH nor in /usr/lib/postgresql";

/** True where there is a server to start. */
export function hasPostgres(): boolean {
  return postgresBinaries() !== undefined;
}

/** Starts one, empty. */
export async function startCluster(context: StageContext, settings: readonly string[]): Promise<PostgresCluster> {
  const server = await startPostgres([...COMMON, ...settings]);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= server.close();
    return closing;
  };
  context.atEnd(close);
  const ask = (sql: string) => askServer(server, sql);
  const pid = Number((await ask("SELECT pg_read_file('postmaster.pid')")).split("\n", 1)[0]);
  return {
    url: server.url(),
    version: await ask("SHOW server_version"),
    settings: Object.fromEntries(
      await Promise.all(SHOWN.map(async (name) => [name, await ask(`SHOW ${name}`)] as const)),
    ),
    cpuMicros: () => cpuMicrosOf(pid),
    ask,
    close,
  };
}

async function askServer(server: PostgresServer, sql: string): Promise<string> {
  const { stdout } = await run(psqlProgram(), ["-X", "-q", "-A", "-t", "-c", sql, server.url()]);
  return stdout.trim();
}

/** Beside the server's programs, and where those are links, beside what they lead to. */
function psqlProgram(): string {
  const dir = postgresBinaries() ?? "";
  const programs = [join(dir, "psql"), join(dirname(realpathSync(join(dir, "pg_ctl"))), "psql")];
  return programs.find((program) => existsSync(program)) ?? "psql";
}

/** Of a process and its children: of those that have ended, the parent has the sum. */
function cpuMicrosOf(parent: number): number | undefined {
  try {
    const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const ticks = all.map((pid) => {
      const fields = statOf(pid);
      if (pid === String(parent)) return sum(fields, 11, 15);
      return Number(fields?.[1]) === parent ? sum(fields, 11, 13) : 0;
    });
    return (ticks.reduce((total, one) => total + one, 0) / TICKS_PER_S) * 1e6;
  } catch {
    return undefined;
  }
}

/** What follows the name of a process, which may hold anything: the state is 0, the parent 1, user and system time 11 and 12. */
function statOf(pid: string): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function sum(fields: readonly string[] | undefined, from: number, to: number): number {
  return (fields?.slice(from, to) ?? []).reduce((total, ticks) => total + Number(ticks), 0);
}
