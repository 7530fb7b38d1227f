// promtool's word on the names of every metric of the catalogue: what it finds is what the checked-in list has, no more and no less.
import { spawnSync } from "node:child_process";
import { LINT_EXCEPTIONS } from "@tracebook/metrics";
import { describe, expect, it } from "vitest";
import { catalogueRegistry } from "../../test/catalogue-registry.ts";
import { startScrapeServer } from "../../test/scrape-server.ts";

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

describe("promtool check metrics", () => {
  it.skipIf(!hasPromtool)(
    "finds in a scrape of the whole catalogue exactly what the list of exceptions has",
    async () => {
      const server = await startScrapeServer({ registry: catalogueRegistry() });
      try {
        const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
          input: await server.text(),
          encoding: "utf8",
        });
        const findings = `${stdout}${stderr}`.trim().split("\n").sort();
        const excepted = LINT_EXCEPTIONS.filter(({ promtool }) => promtool !== undefined);
        expect(findings).toEqual(excepted.map(({ metric, promtool }) => `${metric} ${promtool}`).sort());
        // 3 is "findings"; anything else would be a scrape that cannot be read.
        expect(status).toBe(3);
      } finally {
        await server.close();
      }
    },
  );
});
