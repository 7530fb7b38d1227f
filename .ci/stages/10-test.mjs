// `npm test`, as a user types it: with the PATH of the machine, whatever Node that has.
// ci-needs: chromium initdb postgres promtool
// ci-timeout: 1800
import { reportTests, runTests } from "../vitest-run.mjs";

const env = { ...process.env, PATH: process.env.TRACEBOOK_MACHINE_PATH ?? process.env.PATH };
reportTests("test", [runTests("npm", ["test", "--"], env)]);
