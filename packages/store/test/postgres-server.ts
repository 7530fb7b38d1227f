// A PostgreSQL server of its own for a file of tests.
import { execFile, execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A server that runs. */
export interface PostgresServer {
  /** Of a database, as the superuser `postgres`, or as somebody else. */
  url(database?: string, user?: string): string;
  /** Of its first process; undefined when it does not run. */
  pid(): number | undefined;
  /** Ends it as a crash would, and keeps its files. */
  crash(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/** The folder of PostgreSQL's programs; undefined where it is not installed. */
export function postgresBinaries(): string | undefined {
  const versions = "/usr/lib/postgresql";
  const installed = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, "bin"))
    : [];
  return [...(process.env["PATH"] ?? "").split(delimiter), ...installed].find(
    (dir) => existsSync(join(dir, "initdb")) && existsSync(join(dir, "pg_ctl")),
  );
}

/**
 * Starts a server on a free port of this machine alone, without waiting for the disk. `settings` are lines of its configuration; its data, not
 * its log of transactions, may lie on another `disk`, which belongs to it then.
 */
export async function startPostgres(settings: readonly string[] = [], disk?: string): Promise<PostgresServer> {
  const binaries = postgresBinaries();
  if (binaries === undefined) throw new Error("PostgreSQL is not installed: initdb and pg_ctl are not on the PATH.");
  const dir = mkdtempSync(join(tmpdir(), "tracebook-pg-"));
  const port = await freePort();
  const command = asPostgres(dir);
  const data = join(disk ?? dir, "data");
  if (disk !== undefined) asPostgres(disk);
  await command(join(binaries, "initdb"), [
    "-D",
    data,
    "-A",
    "trust",
    "-U",
    "postgres",
    "-E",
    "UTF8",
    "--locale=C",
    "-N",
    ...(disk === undefined ? [] : ["-X", join(dir, "log-of-transactions")]),
  ]);
  const options = ["listen_addresses=127.0.0.1", `port=${port}`, `unix_socket_directories=${dir}`, "fsync=off"];
  const all = [...options, "shared_buffers=64MB", "max_connections=60", ...settings]
    .map((one) => `-c ${one}`)
    .join(" ");
  const ctl = (...args: readonly string[]) => command(join(binaries, "pg_ctl"), ["-D", data, "-w", ...args]);
  const start = async () => {
    await ctl("-l", join(dir, "server.log"), "-o", all, "start");
  };
  const stop = async () => {
    await ctl("-m", "immediate", "stop");
  };
  await start();
  return {
    url: (database = "postgres", user = "postgres") => `postgres://${user}@127.0.0.1:${port}/${database}`,
    pid: () => pidOf(join(data, "postmaster.pid")),
    start,
    crash: stop,
    close: async () => {
      await stop().catch(() => {});
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function pidOf(file: string): number | undefined {
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : undefined;
}

/** PostgreSQL does not run as root: then its programs are run as the user `postgres`, who has the folder. */
function asPostgres(dir: string): (program: string, args: readonly string[]) => Promise<unknown> {
  if (process.getuid?.() !== 0) return (program, args) => run(program, args, { cwd: dir });
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" })));
  chownSync(dir, uid!, gid!);
  return (program, args) => run(program, args, { cwd: dir, uid: uid!, gid: gid! });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
