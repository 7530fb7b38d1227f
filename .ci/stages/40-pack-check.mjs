// What users install: every public package as a tarball, linted, listed, and used from fresh folders on every supported Node.
// ci-timeout: 900
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installConsumer, runConsumers } from "../consumer-project.mjs";
import { minifiedSize } from "../minified-size.mjs";
import { run } from "../program.mjs";
import { createStage } from "../stage.mjs";
import { checkContents, packAll, publicPackages } from "../tarballs.mjs";

const nodeMajors = [22, 24, 26];
const stage = createStage("pack-check");
const scratch = mkdtempSync(join(tmpdir(), "tracebook-pack-"));
try {
  await checkEverything();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
stage.finish();

async function checkEverything() {
  const packages = publicPackages();
  const tarballs = join(scratch, "tarballs");
  mkdirSync(tarballs);
  const built = await stage.check("every package builds", () => {
    run("node_modules/.bin/turbo", [
      "run",
      "build",
      "--filter=./packages/*",
      "--ui=stream",
      "--output-logs=errors-only",
    ]);
  });
  const packed = built && (await stage.check("every package packs", () => packAll(packages, tarballs)));
  if (!packed) return;

  for (const pack of packages) await checkTarball(pack);
  const core = packages.find((pack) => pack.name === "@tracebook/core");
  await stage.check("size of core", () => minifiedSize(core, join(scratch, "size")));
  for (const major of nodeMajors) await checkConsumers(packages, major);
}

async function checkTarball(pack) {
  await stage.check(`${pack.name}: contents`, () => checkContents(pack));
  await stage.check(`${pack.name}: publint`, () => {
    run("node_modules/.bin/publint", ["run", pack.tarball, "--strict"]);
  });
  await stage.check(`${pack.name}: are the types wrong`, () => {
    run("node_modules/.bin/attw", [pack.tarball, "--profile", "esm-only", "--no-definitely-typed", "--no-color"]);
  });
}

async function checkConsumers(packages, major) {
  const folder = join(scratch, `node ${major}`); // a space, as users have them
  const installed = await stage.check(`Node ${major}: npm installs the tarballs`, () =>
    installConsumer(folder, packages, major),
  );
  if (installed) await runConsumers(folder, major, stage);
}
