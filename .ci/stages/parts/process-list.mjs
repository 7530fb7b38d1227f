// Looks for processes by what they were started with, to see that a program has left none behind.
import { readdirSync, readFileSync } from "node:fs";

/** The process ids whose environment holds `NAME=value`; undefined where the system does not tell (it takes Linux). */
export function processesWith(name, value) {
  let pids;
  try {
    pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return undefined;
  }
  return pids.filter((pid) => environmentOf(pid).includes(`${name}=${value}`)).map(Number);
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    // It has just ended, or is somebody else's.
    return [];
  }
}
