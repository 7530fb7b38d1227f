import { describe, expect, it } from "vitest";
import { boundAttributes } from "./bound-attributes.ts";
import { boundValue } from "./bound-value.ts";
import { createJsonWriter } from "./byte-json-writer.ts";
import { createRedactor } from "./redaction.ts";
import { INNOCENT_FIELDS, INNOCENT_TEXTS } from "./testdata/innocent-values.ts";
import { PLANTED_SECRETS } from "./testdata/planted-secrets.ts";

const redactor = createRedactor();
const decoder = new TextDecoder("utf-8", { fatal: true });

function written(value: unknown): string {
  const out = createJsonWriter({ redactor });
  out.value(value);
  return decoder.decode(out.bytes.subarray(0, out.length));
}

describe("planted secrets", () => {
  it("are at least sixty", () => {
    expect(PLANTED_SECRETS.length).toBeGreaterThanOrEqual(60);
  });

  for (const { where, value, canaries } of PLANTED_SECRETS) {
    it(`do not survive: ${where}`, () => {
      const outputs = [
        JSON.stringify(boundValue(value, { redactor })),
        JSON.stringify(boundValue({ deep: [{ value }] }, { redactor })),
        written(value),
        JSON.stringify(
          boundAttributes(typeof value === "object" && !Array.isArray(value) ? value : { note: value }, redactor),
        ),
        JSON.stringify(boundAttributes({ nested: value }, redactor)),
      ];
      if (typeof value === "string") {
        const out = createJsonWriter({ redactor });
        out.string(value);
        outputs.push(decoder.decode(out.bytes.subarray(0, out.length)), redactor.text(value), redactor.url(value));
      }
      for (const output of outputs) {
        for (const canary of canaries) expect(output).not.toContain(canary);
      }
      // Something must have been replaced, not lost on the way.
      expect(outputs[0]).toContain("[REDACTED]");
    });
  }

  it("do not survive when the text around them is cut at the limit", () => {
    for (const { value, canaries } of PLANTED_SECRETS) {
      if (typeof value !== "string") continue;
      for (const offset of [4080, 4060, 4040, 4000, 3900]) {
        const output = JSON.stringify(
          boundValue(`${"x ".repeat(offset / 2)}${value}${" y".repeat(6000)}`, { redactor }),
        );
        for (const canary of canaries) expect(output).not.toContain(canary);
      }
    }
  });

  it("leave what stands beside them", () => {
    expect(redactor.text("symbol=BTCUSDT&signature=abcdef0123&timestamp=17")).toBe(
      "symbol=BTCUSDT&signature=[REDACTED]&timestamp=17",
    );
    expect(redactor.text("postgres://bot:hunter2@db:5432/trades")).toBe("postgres://bot:[REDACTED]@db:5432/trades");
    expect(JSON.parse(redactor.text('{"apiKey":"abc","pwd":12345678,"n":1}'))).toEqual({
      apiKey: "[REDACTED]",
      pwd: "[REDACTED]",
      n: 1,
    });
    expect(redactor.text("baggage: user=1,token=abc;p,other=2")).toBe("baggage: user=1,token=[REDACTED],other=2");
  });
});

describe("innocent values", () => {
  it("are at least two hundred", () => {
    expect(INNOCENT_FIELDS.length + INNOCENT_TEXTS.length).toBeGreaterThanOrEqual(200);
  });

  for (const [name, value] of INNOCENT_FIELDS) {
    it(`are kept: ${name} ${String(value).slice(0, 40)}`, () => {
      expect(boundValue({ [name]: value }, { redactor })).toEqual({ [name]: value });
      expect(JSON.parse(written({ [name]: value }))).toEqual({ [name]: value });
      expect(boundAttributes({ [name]: value }, redactor)).toEqual({ [name]: value });
    });
  }

  for (const text of INNOCENT_TEXTS) {
    it(`are kept: ${text.slice(0, 60)}`, () => {
      expect(redactor.text(text)).toBe(text);
      expect(boundValue([text], { redactor })).toEqual([text]);
      expect(JSON.parse(written(text))).toBe(text);
    });
  }
});

describe("headers", () => {
  const expected = { "X-MBX-APIKEY": "[REDACTED]", accept: "text/plain" };

  it("are redacted in every form they come in", () => {
    const secret = "cAn4ryHeader7";
    expect(redactor.headers({ "X-MBX-APIKEY": secret, accept: "text/plain" })).toEqual(expected);
    expect(redactor.headers(["X-MBX-APIKEY", secret, "accept", "text/plain"])).toEqual(expected);
    expect(
      redactor.headers([
        ["X-MBX-APIKEY", secret],
        ["accept", "text/plain"],
      ]),
    ).toEqual(expected);
    expect(redactor.headers(new Map(Object.entries({ "X-MBX-APIKEY": secret, accept: "text/plain" })))).toEqual(
      expected,
    );
    expect(redactor.headers(new Headers({ "x-mbx-apikey": secret }))).toEqual({ "x-mbx-apikey": "[REDACTED]" });
    expect(redactor.headers({ "set-cookie": ["a=1", "b=2"] })).toEqual({ "set-cookie": ["[REDACTED]", "[REDACTED]"] });
  });

  it("do not throw for a carrier that does", () => {
    const hostile = {
      get accept(): string {
        throw new Error("no");
      },
    };
    expect(redactor.headers(hostile)).toEqual({});
  });
});

describe("own names", () => {
  it("are secret in any spelling and inside longer names, and others are not", () => {
    const own = createRedactor({ keys: ["strategy-params", "alpha"] });
    for (const key of ["strategyParams", "STRATEGY_PARAMS", "my.strategy_params.v1", "alpha"]) {
      expect(own.isSecretKey(key)).toBe(true);
      expect(redactor.isSecretKey(key)).toBe(false);
    }
    expect(own.isSecretKey("alphabet")).toBe(false);
    expect(boundValue({ alpha: { secretive: 1 } }, { redactor: own })).toEqual({ alpha: "[REDACTED]" });
  });

  it("throw at once when they are no names", () => {
    expect(() => createRedactor({ keys: ["--"] })).toThrow(/keys holds "--"/);
    expect(() => createRedactor({ keys: [7 as unknown as string] })).toThrow(TypeError);
  });
});

describe("text", () => {
  it("longer than 65,536 characters is cut and says so", () => {
    const text = redactor.text("a,".repeat(500_000));
    expect(text.length).toBeLessThan(65_600);
    expect(text).toMatch(/…\[cut \d+\]$/);
  });

  it("is the same string when there is nothing to replace", () => {
    const text = "net edge 1.20 bps is below the threshold of 1.50 bps";
    expect(redactor.text(text)).toBe(text);
    expect(redactor.textUnder("reason", text)).toBe(text);
    expect(redactor.textUnder("secret", "")).toBe("");
  });
});
