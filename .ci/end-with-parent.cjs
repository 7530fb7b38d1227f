// Ends this process, by SIGTERM, when the process that started it is gone. Loaded by launch.cjs and, before its own code, by
// the flagship: a SIGKILL to npm or to the launcher reaches nobody else, but a child can notice that it has a new parent.
"use strict";

const parentPid = process.ppid;
const checkEveryMs = 1000;

const timer = setInterval(() => {
  if (process.ppid === parentPid) return;
  clearInterval(timer);
  process.kill(process.pid, "SIGTERM");
}, checkEveryMs);
timer.unref();
