import { describe, expect, test } from "vitest";
import { sharedDesk } from "../../test/shared-desk.ts";
import { openApiDocument } from "../api/openapi-document.ts";
import { ROUTES } from "../api/routes.ts";

const shared = sharedDesk();

interface DocumentedParameter {
  readonly name: string;
  readonly in: "query" | "path";
  readonly required?: boolean;
  readonly schema: {
    readonly type?: string;
    readonly format?: string;
    readonly enum?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
    readonly maxLength?: number;
    readonly example?: unknown;
    readonly pattern?: string;
  };
}

/** What each kind of parameter does not take. */
function wrongValues({ name, schema }: DocumentedParameter): readonly string[] {
  const { type, minimum = 0, maximum = 0, maxLength, format } = schema;
  if (schema.enum !== undefined)
    return [
      "nonsense",
      schema.enum[0]!.toLowerCase() === schema.enum[0] ? schema.enum[0]!.toUpperCase() : schema.enum[0]!.toLowerCase(),
    ];
  if (format === "date-time")
    return ["yesterday", "2026-02-30", "2026-11-20T25:00:00Z", "1", "2026-11-20T12:00:00+99:99", "'"];
  if (type === "integer")
    return [String(minimum - 1), String(maximum + 1), "x", "1.5", "1e3", " 1", "0x10", "", "9".repeat(30)];
  if (type === "number") return ["-1", "x", "1e9", "", "NaN"];
  if (type === "array") return [name === "gate" ? "no threshold" : "no value"];
  if (schema.example === "1.50") return ["x", "1e5", "1,5", ".5", "5.", "1".repeat(29), "", "+1", "NaN"];
  if (name === "trace_id") return ["1", "g".repeat(32), "1".repeat(33)];
  return ["x".repeat((maxLength ?? 255) + 1)];
}

/** What a route cannot do without, by the end of its path. */
const REQUIRED = [
  ["/search", { text: "a" }],
  ["/whatif", { edge_unit: "bps" }],
  ["/system-metrics/timeline", { metric_name: "cpu_usage" }],
] as const;
const required = (path: string): Record<string, string> => REQUIRED.find(([end]) => path.endsWith(end))?.[1] ?? {};

const { paths = {} } = openApiDocument("1.0.0");
const CASES = ROUTES.flatMap(({ method, path }) => {
  const operation = (paths[path] as Record<string, { parameters?: readonly DocumentedParameter[] }>)[method]!;
  return (operation.parameters ?? []).map(
    (parameter) => [method.toUpperCase(), path, parameter.name, parameter] as const,
  );
});

describe("every parameter of every route", () => {
  test("is in the table", () => {
    expect(CASES.length).toBeGreaterThan(100);
  });

  test.each(CASES)(
    "%s %s: %s is refused by name, value and range when it is wrong",
    async (method, path, name, parameter) => {
      for (const value of wrongValues(parameter)) {
        const isPath = parameter.in === "path";
        if (isPath && value === "") continue;
        const target = isPath ? path.replace(`{${name}}`, encodeURIComponent(value)) : path.replace(/\{\w+\}/, "1");
        const query = new URLSearchParams({ ...required(path), ...(isPath ? {} : { [name]: value }) });
        const { status, json } = await shared.get(`${target}?${query}`, { method });
        expect([value, status, json.parameter]).toEqual([value, 400, name]);
        expect(json).toMatchObject({ type: "about:blank", title: "Bad Request", code: "invalid_parameter" });
        expect(json.detail.startsWith(`${name} is ${value === "" ? '""' : value.slice(0, 100)}`)).toBe(true);
        expect(json.detail).toMatch(/: (?:it must|must|it does)/);
        if (parameter.schema.type === "integer")
          expect(json.detail).toMatch(new RegExp(`\\b(?:${parameter.schema.minimum}|multiple)\\b`));
      }
    },
  );

  const QUERIED = CASES.filter(([, , , parameter]) => parameter.in === "query").map(
    ([method, path]) => `${method} ${path}`,
  );

  test.each([...new Set(QUERIED)])("%s takes no parameter that it does not have", async (route) => {
    const [method = "", path = ""] = route.split(" ");
    const target = path.replace("{trace_id}", "1".repeat(32)).replace(/\{\w+\}/, "1");
    for (const name of ["limt", "__proto__", "constructor", "toString"]) {
      const query = new URLSearchParams({ ...required(path), [name]: "1" });
      const { status, json } = await shared.get(`${target}?${query}`, { method });
      expect([status, json.parameter]).toEqual([400, name]);
      expect(json.detail).toMatch(/is no parameter: this route takes /);
    }
  });
});

test("a parameter that is given twice is refused", async () => {
  const { json } = await shared.get("/api/telemetry/recent?limit=1&limit=2");
  expect(json).toMatchObject({ parameter: "limit", detail: "limit is given 2 times: it must be given once." });
});

test("a range that ends before it begins is refused", async () => {
  for (const path of ["events", "analytics", "decisions", "traces", "latency", "search?text=a&"]) {
    const query = `${path.includes("?") ? "" : "?"}start_time=2026-11-21&end_time=2026-11-20`;
    const { status, json } = await shared.get(`/api/telemetry/${path}${query}`);
    expect([path, status, json.parameter]).toEqual([path, 400, "start_time"]);
  }
});

test("a label must be a name with a value", async () => {
  for (const label of ["stage", ":x", "stage:", "a:1&label=a:2"]) {
    const { status, json } = await shared.get(`/api/telemetry/metrics/any?label=${label}`);
    expect([label, status, json.parameter]).toEqual([label, 400, "label"]);
  }
});

test("too many slices are refused with what to ask instead", async () => {
  const { status, json } = await shared.get("/api/telemetry/decisions/timeline?start_time=2020-01-01");
  expect(status === 200 || json.detail.includes("slices")).toBe(true);
});
