// Reads the text that /metrics serves, as strictly as a scraper would.

/** One metric family. */
export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** One line. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]Inf|NaN)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/sy;

/** The families by name. Throws for a line that no scraper could read, a sample without a type, and a series that comes twice. */
export function parseExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family & { samples: Sample[] }>();
  const seen = new Set<string>();
  let help = "";
  for (const line of text.split("\n")) {
    const [, word, name = "", rest = ""] = /^# (HELP|TYPE|UNIT) (\S+) ?(.*)$/s.exec(line) ?? [];
    if (word === "HELP") help = rest;
    else if (word === "TYPE") {
      if (families.has(name)) throw new Error(`${name} has two types`);
      families.set(name, { type: rest, help, samples: [] });
    } else if (line !== "" && !line.startsWith("#")) {
      const sample = parseSample(line);
      const family = families.get(sample.name) ?? families.get(sample.name.replace(/_(bucket|sum|count)$/, ""));
      if (family === undefined) throw new Error(`${sample.name} has no type`);
      const key = JSON.stringify([sample.name, sample.labels]);
      if (seen.has(key)) throw new Error(`${line} comes twice`);
      seen.add(key);
      family.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): Sample {
  const [, name = "", labelText = "", value = ""] = SAMPLE.exec(line) ?? [];
  if (name === "") throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labelText.length) {
    const match = LABEL.exec(labelText);
    if (match === null) throw new Error(`labels cannot be read: ${line}`);
    labels[match[1] ?? ""] = match[2] ?? "";
  }
  delete labels.otel_scope_name;
  delete labels.otel_scope_version;
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

/** The value of the sample of that name and those labels; undefined when there is none. */
export function sampleValue(
  family: Family | undefined,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const same = family?.samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return same?.length === 1 ? same[0]?.value : undefined;
}
