// Who holds a lock, and whether that process still lives: a process id alone is not an answer, ids are used again.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, named so that no other process of any time or container bears the same name. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in ticks since the machine's start; empty where the system does not say. */
  readonly start: string;
  /** The start of the machine and the namespace that `pid` counts in; processes of another place cannot be looked at. */
  readonly place: string;
}

/** Looks at processes. Inject one to make locks stale in tests. */
export interface ProcessProbe {
  readonly self: ProcessIdentity;
  /** Undefined when the process is of another place: then nobody here can tell. */
  isAlive(identity: ProcessIdentity): boolean | undefined;
}

/** Looks at the processes of this machine, through `/proc` where there is one. */
export function createProcessProbe(): ProcessProbe {
  const place = [hostname(), readText("/proc/sys/kernel/random/boot_id"), readLink("/proc/self/ns/pid")].join(" ");
  const self = { pid: process.pid, start: startOf(process.pid) ?? "", place };
  return {
    self,
    isAlive(identity) {
      if (identity.place !== place) return undefined;
      if (!canSignal(identity.pid)) return false;
      const start = startOf(identity.pid);
      // No start time to compare: the id answers, so assume the holder lives. A second writer then takes a file of its own.
      return start === undefined || identity.start === "" ? true : start === identity.start;
    },
  };
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of `/proc/PID/stat` (proc(5)); "dead" for a zombie; undefined where there is no `/proc`. */
function startOf(pid: number): string | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === "") return undefined;
  // The second field is the command in brackets, and a command may hold brackets and blanks: count from the last bracket.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? "dead" : fields[19];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
