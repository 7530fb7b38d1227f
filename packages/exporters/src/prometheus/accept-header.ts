// Which exposition format a scrape is answered in: the one that its Accept header likes best.

/** The formats, by the names they have here. */
export type ExpositionFormat = "text" | "openmetrics" | "protobuf";

/** What answers say they are. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  protobuf: "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
};

/** Longer headers are looked at up to here, and up to so many alternatives: real ones have 200 characters and four. */
const MAX_LENGTH = 4_096;
const MAX_RANGES = 64;

/** One alternative of the header. */
interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * Chooses by quality, then by the order of the header. What is absent, broken or acceptable to nobody is answered in Prometheus'
 * text, which every scraper reads.
 */
export function chooseFormat(accept: string | undefined): ExpositionFormat {
  if (accept === undefined || accept === "") return "text";
  let best: ExpositionFormat = "text";
  let bestQuality = 0;
  for (const text of accept.slice(0, MAX_LENGTH).split(",", MAX_RANGES)) {
    const range = parseRange(text);
    const format = formatOf(range);
    if (format === undefined || range.quality <= bestQuality) continue;
    best = format;
    bestQuality = range.quality;
  }
  return best;
}

function parseRange(text: string): MediaRange {
  const [type = "", ...rest] = text.split(";");
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const at = parameter.indexOf("=");
    if (at < 0) continue;
    const value = parameter.slice(at + 1).trim();
    parameters.set(parameter.slice(0, at).trim().toLowerCase(), value.replace(/^"(.*)"$/, "$1"));
  }
  return { type: type.trim().toLowerCase(), parameters, quality: toQuality(parameters.get("q")) };
}

/** RFC 9110, section 12.4.2: 0 to 1 with three digits; what is no such number is as if it was not said. */
function toQuality(text: string | undefined): number {
  return text !== undefined && /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 1;
}

function formatOf({ type, parameters }: MediaRange): ExpositionFormat | undefined {
  const version = parameters.get("version");
  switch (type) {
    case "application/openmetrics-text":
      return version === undefined || version === "1.0.0" ? "openmetrics" : undefined;
    case "application/vnd.google.protobuf":
      return parameters.get("proto") === "io.prometheus.client.MetricFamily" &&
        parameters.get("encoding") === "delimited"
        ? "protobuf"
        : undefined;
    case "text/plain":
      return version === undefined || version === "0.0.4" ? "text" : undefined;
    case "text/*":
    case "*/*":
      return "text";
    default:
      return undefined;
  }
}
