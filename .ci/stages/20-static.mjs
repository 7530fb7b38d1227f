// What can be said of the code without running it: types, lint and format, arrows between packages, unused code, docstrings.
// ci-timeout: 300
import { run } from "../program.mjs";
import { createStage } from "../stage.mjs";

const bin = (name) => `node_modules/.bin/${name}`;
const checks = {
  "types (tsc)": () => run(bin("tsc"), ["--noEmit"]),
  "types of the page (tsc)": () => run(bin("tsc"), ["--noEmit", "-p", "packages/web"]),
  "lint and format (biome)": () =>
    run(bin("biome"), ["ci", "--error-on-warnings", "--max-diagnostics=100", "--colors=off", "."]),
  "arrows and cycles (dependency-cruiser)": () => run(bin("depcruise"), ["packages", "examples", "collector"]),
  "unused files, exports and dependencies (knip)": () => run(bin("knip"), ["--no-config-hints"]),
  "docstrings of exported names": () => run("node", [".ci/check-api-docs.mjs"]),
  "lockfile fits the manifests (pnpm)": () => run("pnpm", ["install", "--frozen-lockfile", "--lockfile-only"]),
};

const stage = createStage("static");
for (const [title, check] of Object.entries(checks)) await stage.check(title, async () => void check());
stage.finish();
