// Programs that a stage starts: what they say, how they end, and that they end with the stage whatever happens.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "./until.mjs";

/** Groups that still run; each is ended by its own number. */
const running = new Set();

process.on("exit", () => {
  for (const pid of running) signalGroup(pid, "SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

/**
 * Starts a program in a process group of its own. `signal` goes to the program alone, `signalGroup` to all that it started too,
 * as a terminal does. `exit` resolves to `{ code, signal, afterMs }`, with milliseconds since the start.
 */
export function startProgram(command, args, { env, cwd, uid, gid } = {}) {
  const startedMs = performance.now();
  const child = spawn(command, args, { env, cwd, uid, gid, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const heard = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text) => {
      heard[name] += text;
    });
  }
  if (child.pid !== undefined) running.add(child.pid);
  const gone = new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error, atMs: performance.now() }));
    child.once("exit", (code, signal) => resolve({ code, signal, atMs: performance.now() }));
  });
  const closed = Promise.all([gone, once(child, "close").catch(() => {})]);
  const exit = closed.then(([end]) => {
    running.delete(child.pid);
    return { ...end, afterMs: end.atMs - startedMs };
  });
  let ended;
  void exit.then((end) => {
    ended = end;
  });
  const said = () => `${heard.stdout}${heard.stderr}`;
  return {
    pid: child.pid,
    exit,
    stdout: () => heard.stdout,
    stderr: () => heard.stderr,
    hasEnded: () => ended !== undefined,
    signal: (name) => child.kill(name),
    signalGroup: (name) => signalGroup(child.pid, name),
    /** Waits until `isTrue(output)`; an error holds what was said when the program ends before. */
    until: (what, isTrue, options) =>
      until(
        what,
        async () => {
          const answer = await isTrue(said());
          if (!answer && ended !== undefined) throw new Error(`ended (${endOf(ended)}) before ${what}\n${said()}`);
          return answer;
        },
        options,
      ),
    /** Ends the program and what it started: politely, and after `patienceMs` by force. */
    async stop(patienceMs = 10_000) {
      if (ended !== undefined) return ended;
      child.kill("SIGTERM");
      const timer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), patienceMs);
      const end = await exit;
      clearTimeout(timer);
      signalGroup(child.pid, "SIGKILL");
      return end;
    },
  };
}

/** How a program ended, for people: `exit code 0`, `SIGTERM`. */
export function endOf({ code, signal, error }) {
  return error?.message ?? signal ?? `exit code ${code}`;
}

function signalGroup(pid, name) {
  try {
    process.kill(-pid, name);
  } catch {
    // ESRCH: nobody is left.
  }
}
