// Looks names up in a process of its own: what the system has begun to look up cannot be called off, and would hold this one for as
// long as resolvers try, 10 s and more.
import { execFile } from "node:child_process";
import { type LookupAddress, lookup } from "node:dns";
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

/**
 * Makes a lookup that waits `timeoutMs` at most; `env` is the environment of this process, `node` the program that the other process
 * runs.
 */
export function createNameLookup(timeoutMs: number, env: Variables, node: string = process.execPath): NameLookup {
  const known = new Map<string, Promise<LookupAddress[]>>();
  const resolve = (name: string): Promise<LookupAddress[]> => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const family = isIP(name);
    const found =
      family === 0 ? resolveElsewhere(name, timeoutMs, env, node) : Promise.resolve([{ address: name, family }]);
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

function resolveElsewhere(name: string, timeoutMs: number, env: Variables, node: string): Promise<LookupAddress[]> {
  // NODE_OPTIONS may start whatever a service wants at its start.
  const { NODE_OPTIONS: _, ...rest } = env;
  const limits = { env: rest, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: 65_536 } as const;
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    // A process that cannot be started, or dies, says nothing about the name.
    const instead = (): void => resolve(resolveHere(name, timeoutMs - (performance.now() - startedMs)));
    try {
      execFile(node, ["-e", SCRIPT, "--", name], limits, (error, stdout) => {
        const { code, found = [] } = readAnswer(stdout);
        if (found.length > 0) resolve(found);
        else if (code !== undefined) reject(noAddress(name, code));
        else if (error?.killed === true) reject(noAddress(name, "NO_ADDRESS"));
        else instead();
      });
    } catch {
      instead();
    }
  });
}

function resolveHere(name: string, leftMs: number): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(noAddress(name, "NO_ADDRESS")), leftMs);
    lookup(name, { all: true }, (error, found) => {
      clearTimeout(timer);
      if (error === null) resolve(found);
      else reject(noAddress(name, error.code ?? "NO_ADDRESS"));
    });
  });
}

function noAddress(name: string, code: string): Error {
  return Object.assign(new Error(`no address for ${name}`), { code });
}

/** Nothing, or the half of it, when the time was up. */
function readAnswer(text: string): { code?: string; found?: LookupAddress[] } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
