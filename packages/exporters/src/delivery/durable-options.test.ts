// Wrong options of durable exporters: refused at once, by name, with the value and what would be good; never with a secret.
import { describe, expect, it } from "vitest";
import {
  createDurableLogExporter,
  createDurableMetricExporter,
  createDurableSpanExporter,
} from "./durable-exporters.ts";
import { checkDurableOptions } from "./durable-options.ts";

const URL_OPTION = { url: "http://127.0.0.1:4318/v1/traces" };
const EXPORTER = { export: () => {}, shutdown: async () => {} };

describe("options", () => {
  it("have the defaults that are documented", () => {
    expect(checkDurableOptions({ ...URL_OPTION, spoolDir: "spool" })).toMatchObject({
      protocol: "http/protobuf",
      compression: "none",
      timeoutMs: 10_000,
      maxQueueItems: 65_536,
      maxQueueBytes: 16_777_216,
      spool: { dir: "spool", maxBytes: 268_435_456, maxAgeMs: 259_200_000 },
    });
    expect(checkDurableOptions(URL_OPTION).spool).toBeUndefined();
  });

  it.each([
    [{}, TypeError, /either exporter.*or url/],
    [{ ...URL_OPTION, exporter: EXPORTER }, TypeError, /either exporter.*or url/],
    [{ exporter: {} }, TypeError, /exporter has no method export/],
    [{ url: "127.0.0.1:4318" }, TypeError, /url must be an http:\/\/ or https:\/\/ URL/],
    [{ url: "http://" }, TypeError, /url must be/],
    [{ url: "http://[::1" }, TypeError, /url must be/],
    [{ url: new URL("http://127.0.0.1/") }, TypeError, /url must be/],
    [{ ...URL_OPTION, protocol: "grpc" }, TypeError, /protocol is "grpc", not http\/protobuf or http\/json/],
    [{ ...URL_OPTION, compression: "br" }, TypeError, /compression is "br", not none or gzip/],
    [{ ...URL_OPTION, spoolDir: "" }, TypeError, /spoolDir must be the path of a folder/],
    [{ ...URL_OPTION, spoolDir: 7 }, TypeError, /spoolDir must be/],
    [{ ...URL_OPTION, timeoutMs: 0 }, RangeError, /timeoutMs is 0, not a whole number from 1 to 600000/],
    [{ ...URL_OPTION, timeoutMs: "5s" }, RangeError, /timeoutMs is 5s/],
    [{ ...URL_OPTION, timeoutMs: Number.NaN }, RangeError, /timeoutMs is NaN/],
    [{ ...URL_OPTION, maxQueueItems: 1.5 }, RangeError, /maxQueueItems is 1.5, not a whole number from 1/],
    [{ ...URL_OPTION, maxQueueBytes: 1 }, RangeError, /maxQueueBytes is 1, not a whole number from 65536/],
    [{ ...URL_OPTION, spoolDir: "s", spoolMaxBytes: 10 }, RangeError, /spoolMaxBytes is 10, .* from 1048576/],
    [{ ...URL_OPTION, spoolDir: "s", spoolMaxAgeMs: -1 }, RangeError, /spoolMaxAgeMs is -1, .* from 1000/],
    [{ ...URL_OPTION, headers: { "bad name": "x" } }, TypeError, /headers has "bad name"/],
    [{ ...URL_OPTION, headers: { authorization: "x\r\nevil: 1" } }, TypeError, /headers has "authorization"/],
    [{ ...URL_OPTION, headers: { authorization: undefined } }, TypeError, /headers has "authorization"/],
  ])("%j are refused", (options, Kind, message) => {
    for (const create of [createDurableSpanExporter, createDurableLogExporter, createDurableMetricExporter]) {
      expect(() => create(options as never)).toThrow(Kind as typeof TypeError);
      expect(() => create(options as never)).toThrow(message as RegExp);
    }
  });

  it("are refused without what is secret in them", () => {
    const secret = "s3cr3t";
    for (const options of [
      { url: `ftp://user:${secret}@collector` },
      { url: `http://user:${secret}@[` },
      { ...URL_OPTION, headers: { authorization: `${secret}\n` } },
    ]) {
      let said = "";
      try {
        createDurableSpanExporter(options);
      } catch (error) {
        said = String(error);
      }
      expect(said).toMatch(/^TypeError/);
      expect(said).not.toContain(secret);
    }
  });
});
