// A PostgreSQL of a stage's own: a cluster in a scratch folder, on a free port, gone with the stage.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync } from "node:fs";
import { join } from "node:path";
import { endOf, startProgram } from "./subprocess.mjs";
import { cleanEnv, freePorts, scratchFolder } from "./workspace.mjs";

/** Starts it, as the user postgres where we are root; `{ program, version, port }`. Any password is right for the user `bot`. */
export async function startPostgres() {
  const folder = scratchFolder("postgres");
  const user = process.getuid() === 0 ? userOf("postgres") : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const options = { ...user, cwd: folder, env: cleanEnv({ LC_ALL: "C" }) };
  const made = startProgram("initdb", ["-D", data, "-A", "trust", "-U", "bot", "-E", "UTF8", "--no-sync"], options);
  const end = await made.exit;
  assert.equal(endOf(end), "exit code 0", `${made.stdout()}${made.stderr()}`);
  const port = await freePorts(1);
  const settings = ["-h", "127.0.0.1", "-p", String(port), "-k", folder, "-c", "fsync=off"];
  const program = startProgram("postgres", ["-D", data, ...settings], options);
  await program.until("it takes connections", (said) => said.includes("ready to accept connections"));
  const version = execFileSync("postgres", ["--version"], { encoding: "utf8" }).trim();
  return { program, version, port };
}

function userOf(name) {
  const id = (flag) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
