// What a stage written in JavaScript needs: named checks, a line for each, and the count .ci/run reads.

/**
 * A stage that counts its checks. `check` runs one to its end and never throws: it prints `ok NAME` or `FAILED NAME` with the
 * reason. `skip` counts one that cannot run here, with the reason; in CI that is a failure. `finish` prints `stage NAME: N passed, N failed[, N skipped]`
 * and sets the exit code.
 */
export function createStage(name) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  return {
    async check(title, run) {
      const started = Date.now();
      try {
        const note = await run();
        passed += 1;
        console.log(`ok ${title}${note ? `: ${note}` : ""} (${Date.now() - started} ms)`);
        return true;
      } catch (error) {
        failed += 1;
        console.log(`FAILED ${title}\n${indented(error?.message ?? String(error))}`);
        return false;
      }
    },
    skip(title, why) {
      // What lies beside the repository cannot be had everywhere; anything else CI has to have.
      const isMissed = process.env.CI === "true" && !why.startsWith("../shared/");
      if (isMissed) failed += 1;
      else skipped += 1;
      console.log(isMissed ? `FAILED ${title}: skipped, because ${why}` : `skipped ${title}: ${why}`);
    },
    finish() {
      console.log(`stage ${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
      process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
    },
  };
}

function indented(text) {
  return text.trimEnd().replace(/^/gm, "  ");
}
