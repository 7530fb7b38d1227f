// Builds what a stage runs; turbo does nothing where nothing has changed.
import { run } from "../../program.mjs";
import { root } from "./workspace.mjs";

/** Builds the named workspaces and all they depend on: `build("tracebook")`. */
export function build(...names) {
  const turbo = ["run", "build", "--ui=stream", "--output-logs=errors-only"];
  run("node_modules/.bin/turbo", [...turbo, ...names.map((name) => `--filter=${name}...`)], { cwd: root });
}
