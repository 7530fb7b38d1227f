// Where programs of others are on this machine, as whom they run, and which ports are theirs to take.
import { execFileSync } from "node:child_process";
import { accessSync, constants, globSync } from "node:fs";
import { connect as connectSocket, createServer } from "node:net";
import { delimiter, join } from "node:path";

/** A user of this machine. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** Where a program is: on PATH, or in one of the folders (globs) where packages put it, the newest first; undefined: nowhere. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter);
  const packaged = folders
    .flatMap((pattern) => globSync(pattern))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return [...onPath, ...packaged].map((folder) => join(folder, name)).find(isExecutable);
}

/** The user `name`; undefined where there is none. */
export function userOf(name: string): UserIds | undefined {
  try {
    const id = (flag: string): number => Number(execFileSync("id", [flag, name], { stdio: "pipe", encoding: "utf8" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

/** A port of the loopback interface that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Whether somebody listens there. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: "127.0.0.1" });
    const answer = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", answer(true));
    socket.once("error", answer(false));
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
