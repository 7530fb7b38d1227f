// PostgreSQL and Redis for a run: those the environment names, or our own for as long as it lasts.
import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { findProgram, freePort, isListening, userOf } from "./program-search.ts";
import { runProgram, type ServerProgram, startServerProgram } from "./server-program.ts";

/** Where the data is kept. */
export interface DataServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** A line for people: what is used, without passwords. */
  readonly description: string;
  /** Ends what was started and removes its files. */
  stop(): Promise<void>;
}

interface Server {
  readonly url: string;
  readonly description: string;
  readonly program?: ServerProgram;
}

const POSTGRES_FOLDERS = [
  "/usr/lib/postgresql/*/bin",
  "/opt/homebrew/opt/postgresql*/bin",
  "/usr/local/opt/postgresql*/bin",
];
const POSTGRES_PORT = 5432;
const REDIS_PORT = 6379;

/**
 * Finds or starts both. Rejects with one line that says what is wrong and what to do, and when `signal` is aborted; then nothing is
 * left of what was started.
 */
export async function openDataServers(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<DataServers> {
  const folder = mkdtempSync(join(tmpdir(), "signal-bot-"));
  const started: Server[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map(({ program }) => program?.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const results = await Promise.allSettled([
      openPostgres(env.DATABASE_URL, folder, signal),
      openRedis(env.REDIS_URL, folder, signal),
    ]);
    for (const result of results) if (result.status === "fulfilled") started.push(result.value);
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  const [postgres, redis] = started as [Server, Server];
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    description: `${postgres.description}, ${redis.description}`,
    stop,
  };
}

async function openPostgres(given: string | undefined, folder: string, signal: AbortSignal): Promise<Server> {
  if (given) return { url: given, description: "PostgreSQL of DATABASE_URL" };
  const [initdb, postgres] = [findProgram("initdb", POSTGRES_FOLDERS), findProgram("postgres", POSTGRES_FOLDERS)];
  if (initdb === undefined || postgres === undefined) {
    const url = `postgres://${userInfo().username}@127.0.0.1:${POSTGRES_PORT}/postgres`;
    if (await isAnswering(url))
      return { url, description: `the PostgreSQL on port ${POSTGRES_PORT}, schema signal_bot` };
    throw missing("PostgreSQL", "DATABASE_URL", "apt-get install postgresql, or brew install postgresql@17");
  }
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? (userOf("postgres") ?? userOf("nobody")) : undefined;
  const home = join(folder, "postgres");
  mkdirSync(home, { mode: 0o700 });
  if (user !== undefined) {
    chownSync(folder, user.uid, user.gid);
    chownSync(home, user.uid, user.gid);
  }
  const data = join(home, "data");
  const init = ["-D", data, "-A", "trust", "-U", "signal_bot", "-E", "UTF8", "--no-sync"];
  await runProgram(initdb, init, { cwd: home, user, signal });
  const port = await freePort();
  const url = `postgres://signal_bot@127.0.0.1:${port}/postgres`;
  const settings = ["-h", "127.0.0.1", "-p", String(port), "-k", home, "-c", "fsync=off"];
  const program = await startServerProgram({
    ...{ command: postgres, args: ["-D", data, ...settings], cwd: home, endSignal: "INT", signal },
    isReady: () => isAnswering(url),
    ...(user === undefined ? undefined : { user }),
  });
  return { url, description: `PostgreSQL of its own on port ${port}`, program };
}

async function openRedis(given: string | undefined, folder: string, signal: AbortSignal): Promise<Server> {
  if (given) return { url: given, description: "Redis of REDIS_URL" };
  const command = findProgram("redis-server") ?? findProgram("valkey-server");
  if (command === undefined) {
    const description = `the Redis on port ${REDIS_PORT}, keys signal-bot:*`;
    if (await isListening(REDIS_PORT)) return { url: `redis://127.0.0.1:${REDIS_PORT}`, description };
    throw missing("Redis", "REDIS_URL", "apt-get install redis-server, or brew install redis");
  }
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const isReady = (): Promise<boolean> => isListening(port);
  const program = await startServerProgram({ command, args, cwd: folder, endSignal: "TERM", isReady, signal });
  return { url: `redis://127.0.0.1:${port}`, description: `Redis of its own on port ${port}`, program };
}

async function isAnswering(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function missing(what: string, variable: string, how: string): Error {
  return new Error(`${what} is missing: set ${variable} to one that runs, or install it (${how})`);
}
