// Which format a scraper gets.
import { describe, expect, it } from "vitest";
import { chooseFormat } from "./accept-header.ts";

const PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
const OPENMETRICS = "application/openmetrics-text;version=1.0.0";

describe("the format of an answer", () => {
  it.each([
    [
      "Prometheus 2.42",
      `${OPENMETRICS},application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      "openmetrics",
    ],
    [
      "Prometheus 2.42 with native histograms",
      `${PROTOBUF},${OPENMETRICS};q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      "protobuf",
    ],
    [
      "Prometheus 3",
      `${OPENMETRICS};escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
      "openmetrics",
    ],
    ["curl", "*/*", "text"],
    ["a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text"],
    ["nobody", undefined, "text"],
    ["who wants text more", `${OPENMETRICS};q=0.5,text/plain;q=0.9`, "text"],
    ["who wants both alike", `text/plain,${OPENMETRICS}`, "text"],
    ["who refuses OpenMetrics", `${OPENMETRICS};q=0,application/json`, "text"],
    ["who refuses all", "*/*;q=0", "text"],
    ["who knows an OpenMetrics of the future", "application/openmetrics-text;version=2.0.0", "text"],
    ["who names no version", "application/openmetrics-text", "openmetrics"],
    [
      "who shouts, with quotes and blanks",
      ' Application/OpenMetrics-Text ; Version="1.0.0" ; Q=0.7 , text/plain ; q=0.3',
      "openmetrics",
    ],
    ["another protobuf", "application/vnd.google.protobuf;proto=other.Message;encoding=delimited", "text"],
    [
      "protobuf as text",
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
      "text",
    ],
    ["a quality that is none counts as not said", `text/plain;q=0.5,${OPENMETRICS};q=NaN`, "openmetrics"],
    ["a quality above 1", `text/plain;q=0.5,${OPENMETRICS};q=7`, "openmetrics"],
  ])("%s", (_who, accept, format) => {
    expect(chooseFormat(accept)).toBe(format);
  });

  it.each([
    ",,,;;;===",
    ";q=1",
    "q=1;;",
    "\u0000",
    "=".repeat(100_000),
    "a/b,".repeat(100_000),
    `${"x".repeat(5_000)},${OPENMETRICS}`,
  ])("what is broken or endless is answered in text", (accept) => {
    expect(chooseFormat(accept)).toBe("text");
  });
});
