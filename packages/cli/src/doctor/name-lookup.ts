// Looks names up in a process of its own: what the system has begun to look up cannot be called off, and would hold this one for as
// long as resolvers try, 10 s and more.
import { execFile } from "node:child_process";
import type { LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Variables } from "./service-environment.ts";

/** Looks up names, each once. */
export interface NameLookup {
  /** The addresses of a name, at least one. Rejects with the system's code (`ENOTFOUND`), or `NO_ADDRESS` when none came in time. */
  resolve(name: string): Promise<LookupAddress[]>;
  /** The same as node:net wants it. */
  readonly lookup: LookupFunction;
}

const SCRIPT = `require("node:dns").lookup(process.argv[1], { all: true }, (error, found) =>
  process.stdout.write(JSON.stringify(error ? { code: error.code } : { found })));`;

/** Makes a lookup that waits `timeoutMs` at most; `env` is the environment of this process. */
export function createNameLookup(timeoutMs: number, env: Variables): NameLookup {
  const known = new Map<string, Promise<LookupAddress[]>>();
  const resolve = (name: string): Promise<LookupAddress[]> => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const family = isIP(name);
    const found = family === 0 ? resolveElsewhere(name, timeoutMs, env) : Promise.resolve([{ address: name, family }]);
    known.set(name, found);
    // Who waits for it hears of it; that nobody does any more is no news.
    found.catch(() => {});
    return found;
  };
  return {
    resolve,
    lookup: (name, options, done) => {
      resolve(name).then(
        (found) => (options.all === true ? done(null, found) : done(null, found[0]!.address, found[0]!.family)),
        (error: NodeJS.ErrnoException) => done(error, ""),
      );
    },
  };
}

function resolveElsewhere(name: string, timeoutMs: number, env: Variables): Promise<LookupAddress[]> {
  // NODE_OPTIONS may start whatever a service wants at its start.
  const { NODE_OPTIONS: _, ...rest } = env;
  const limits = { env: rest, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: 65_536 } as const;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["-e", SCRIPT, "--", name], limits, (_error, stdout) => {
      const { code = "NO_ADDRESS", found = [] } = readAnswer(stdout);
      if (found.length > 0) resolve(found);
      else reject(Object.assign(new Error(`no address for ${name}`), { code }));
    });
  });
}

/** Nothing, or the half of it, when the time was up. */
function readAnswer(text: string): { code?: string; found?: LookupAddress[] } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
