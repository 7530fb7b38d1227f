// A folder as a user has it: programs, and beside them the built packages they import.
import { copyFileSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, scratchFolder } from "./workspace.mjs";

const bots = join(import.meta.dirname, "../bots");
const nodePackage = join(root, "packages/node");

/** A new folder with the bots of this directory, `@tracebook/node`, and further packages that it can resolve. */
export function userProject(...packages) {
  const folder = scratchFolder("project");
  link(nodePackage, join(folder, "node_modules/@tracebook/node"));
  for (const name of packages) link(join(nodePackage, "node_modules", name), join(folder, "node_modules", name));
  for (const file of readdirSync(bots)) copyFileSync(join(bots, file), join(folder, file));
  return folder;
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
