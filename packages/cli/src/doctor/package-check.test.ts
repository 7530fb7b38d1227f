import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describeConfiguration } from "@tracebook/node/doctor";
import { describe, expect, it } from "vitest";
import { folderOf } from "../../test/tracebook.ts";
import { findPackage } from "./installed-package.ts";
import { checkNode, checkPackages } from "./package-check.ts";

const COMPLETE = {
  "@tracebook/node": "0.1.0",
  "@tracebook/core": "0.1.0",
  "@opentelemetry/api": "1.10.0",
  "@opentelemetry/sdk-node": "0.301.0",
  "@opentelemetry/instrumentation-http": "0.301.0",
  "@opentelemetry/instrumentation-undici": "0.34.0",
};

/** A project with these packages installed. */
function project(packages: Readonly<Record<string, string>>): string {
  const files = Object.entries(packages).map(([name, version]) => [
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version }),
  ]);
  return folderOf(Object.fromEntries(files));
}

function check(packages: Readonly<Record<string, string>>, env: Record<string, string> = {}) {
  const { config } = describeConfiguration({ TELEMETRY_ENABLED: "true", ...env });
  const dir = project(packages);
  const found = checkPackages(config, dir, dir);
  return { ...found, of: (id: string) => found.checks.find((one) => one.id === id) };
}

describe("findPackage", () => {
  it("finds what an import would: in the folder, in those above, behind links", () => {
    const dir = project({ a: "1.2.3" });
    mkdirSync(join(dir, "src/deep"), { recursive: true });
    symlinkSync(join(dir, "src"), join(dir, "node_modules/linked"));
    expect(findPackage("a", join(dir, "src/deep"))).toMatchObject({ name: "a", version: "1.2.3" });
    expect(findPackage("b", join(dir, "src"))).toBeUndefined();
    expect(findPackage("linked", dir)).toBeUndefined();
  });

  it.each(["", "{", "null", "[]", '{"version":7}'])("does not mind a manifest like %j", (manifest) => {
    const dir = folderOf({ "node_modules/a/package.json": manifest });
    expect(() => findPackage("a", dir)).not.toThrow();
  });
});

describe("checkPackages", () => {
  it("is content with a complete project and says what it has", () => {
    const { checks, packages, of } = check({
      ...COMPLETE,
      pg: "8.23.1",
      "@opentelemetry/instrumentation-pg": "0.77.0",
    });
    expect(checks.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(packages).toMatchObject({ "@tracebook/node": "0.1.0", pg: "8.23.1" });
    expect(of("packages")!.what).toMatch(
      /^@tracebook\/node 0\.1\.0, OpenTelemetry API 1\.10\.0 and SDK 0\.301\.0, those of /,
    );
    expect(of("instrumentation")!.what).toBe(
      "http, undici, pg 8.23.1, redis (not installed here), pino (not installed here)",
    );
  });

  it("names what is missing", () => {
    const { "@opentelemetry/sdk-node": _, ...rest } = COMPLETE;
    expect(check(rest).of("packages")).toMatchObject({
      status: "failed",
      what: "@opentelemetry/sdk-node is not installed",
    });
  });

  it("warns of versions that do not belong together", () => {
    const mixed = check({ ...COMPLETE, "@tracebook/core": "0.2.0" });
    expect(mixed.of("packages")).toMatchObject({
      status: "warning",
      what: expect.stringContaining("@tracebook/core 0.2.0"),
    });
  });

  it("warns of a module that is used and would not be seen, and says what to install", () => {
    const found = check({ ...COMPLETE, pg: "8.23.1" }).of("instrumentation")!;
    expect(found).toMatchObject({ status: "warning", what: expect.stringMatching(/^pg would not be seen/) });
    expect(found.remedy).toContain("npm install @opentelemetry/instrumentation-pg");
    expect(check({ ...COMPLETE, pg: "8.23.1" }, { TELEMETRY_INSTRUMENT: "http" }).of("instrumentation")!.status).toBe(
      "ok",
    );
    expect(check(COMPLETE, { TELEMETRY_INSTRUMENT: "none" }).of("instrumentation")!.status).toBe("off");
  });

  it.each([
    ["1.9.0", undefined],
    ["1.10.0", undefined],
    ["1.11.0", "warning"],
    ["2.0.0", "warning"],
  ])("judges a project's own @opentelemetry/api %s beside Tracebook's 1.10.0", (version, status) => {
    const dir = project({ "@opentelemetry/api": version });
    const own = project(COMPLETE);
    const { config } = describeConfiguration({});
    const { checks } = checkPackages(config, dir, own);
    expect(checks.find(({ id }) => id === "opentelemetry_api")?.status).toBe(status);
  });
});

describe("checkNode", () => {
  it.each([
    ["22.18.0", "ok"],
    ["24.1.0", "ok"],
    ["26.0.0-nightly", "ok"],
    ["22.17.9", "failed"],
    ["20.20.2", "failed"],
  ])("judges %s as %s", (version, status) => expect(checkNode(version).status).toBe(status));
});
