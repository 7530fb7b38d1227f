// Where things are: the repository, what belongs beside it, and folders that go when the stage goes.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The root of the repository. */
export const root = resolve(import.meta.dirname, "../../..");

/** The built programs of the example. */
export const exampleDist = join(root, "examples/basis-arbitrage/dist");

/** The path of something that lies beside the repository and not in it; undefined where it is absent. */
export function sharedPath(path) {
  const full = resolve(root, "../shared", path);
  return existsSync(full) ? full : undefined;
}

const scratch = [];
process.on("exit", () => {
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true });
});

/** A new folder; it goes when this process ends. */
export function scratchFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `tracebook-${name}-`));
  scratch.push(folder);
  return folder;
}

/** The environment of this process without what would configure telemetry, and with what `given` says. */
export function cleanEnv(given = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TELEMETRY|OTEL|BOT|BASIS)_|^(ENVIRONMENT|NODE_OPTIONS|INIT_CWD|npm_.*)$/.test(name),
  );
  return { ...Object.fromEntries(kept), ...given };
}

/** The environment as it was before `.ci/run` put its own Node in front: the one that `npm start` has to do with. */
export function machineEnv(given = {}) {
  return cleanEnv({ PATH: process.env.TRACEBOOK_MACHINE_PATH ?? process.env.PATH, ...given });
}

/** `count` ports of the loopback interface that are free, one after the other: programs that take a pair need them so. */
export async function freePorts(count) {
  for (let tries = 0; tries < 50; tries++) {
    const servers = [];
    try {
      servers.push(await listening(0));
      const { port } = servers[0].address();
      for (let next = 1; next < count; next++) servers.push(await listening(port + next));
      return port;
    } catch {
      // The next port is taken: another first one.
    } finally {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    }
  }
  throw new Error(`no ${count} free ports in a row`);
}

function listening(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
