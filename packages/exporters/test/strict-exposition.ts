// Reads Prometheus text (0.0.4) and OpenMetrics text (1.0.0) as strictly as their specifications are written; throws at the first fault.

/** One sample. */
export interface StrictSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar: StrictExemplar | undefined;
}

/** The exemplar of a sample. */
export interface StrictExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly seconds: number;
}

/** One family and its samples in their order. */
export interface StrictFamily {
  readonly type: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly samples: StrictSample[];
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/y;
const NUMBER = /[+-]Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/y;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ["_bucket", "_sum", "_count"],
  gauge: [""],
  unknown: [""],
};

/** The families by name. */
export function parseStrictly(text: string, isOpenMetrics: boolean): Map<string, StrictFamily> {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line has no end");
  const lines = text.split("\n").slice(0, -1);
  if (isOpenMetrics && lines.pop() !== "# EOF") throw new Error("no # EOF at the end");
  const families = new Map<string, StrictFamily>();
  const seen = new Set<string>();
  const pending: Record<string, string> = {};
  let current: { name: string; family: StrictFamily } | undefined;
  for (const line of lines) {
    const [, word, name = "", rest = ""] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/s.exec(line) ?? [];
    if (word !== undefined) {
      if (word === "HELP") {
        if (families.has(name)) throw new Error(`${name} comes twice`);
        pending[name] = unquote(rest, isOpenMetrics ? /\\["\\n]/g : /\\[\\n]/g, isOpenMetrics ? /["\\]/ : /\\/);
      } else if (word === "TYPE") {
        if (families.has(name)) throw new Error(`${name} has two types`);
        if (!/^(?:counter|gauge|histogram)$/.test(rest) && !(isOpenMetrics && rest === "unknown"))
          throw new Error(`type ${rest}`);
        current = { name, family: { type: rest, help: pending[name] ?? "", unit: undefined, samples: [] } };
        families.set(name, current.family);
      } else {
        if (!isOpenMetrics || current?.name !== name || !name.endsWith(`_${rest}`)) throw new Error(`unit: ${line}`);
        current.family = { ...current.family, unit: rest };
        families.set(name, current.family);
      }
      continue;
    }
    if (current === undefined) throw new Error(`a sample without a family: ${line}`);
    const sample = parseSample(line, isOpenMetrics);
    checkName(sample, current.name, current.family.type, isOpenMetrics);
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(key)) throw new Error(`comes twice: ${line}`);
    seen.add(key);
    current.family.samples.push(sample);
  }
  for (const [name, family] of families) checkFamily(name, family, isOpenMetrics);
  return families;
}

function checkName({ name, exemplar }: StrictSample, family: string, type: string, isOpenMetrics: boolean): void {
  const suffixes = type === "counter" ? [isOpenMetrics ? "_total" : ""] : (SUFFIXES[type] ?? []);
  if (!suffixes.some((suffix) => family + suffix === name))
    throw new Error(`${name} is no sample of ${type} ${family}`);
  if (exemplar !== undefined && !name.endsWith("_bucket")) throw new Error(`${name} has an exemplar`);
}

function checkFamily(name: string, { type, samples }: StrictFamily, isOpenMetrics: boolean): void {
  if (samples.length === 0) throw new Error(`${name} has no samples`);
  if (type === "counter" && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} is below 0`);
  if (type !== "histogram") return;
  const series = new Map<string, { buckets: StrictSample[]; count: number | undefined; hasSum: boolean }>();
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    const known = series.get(key) ?? { buckets: [], count: undefined, hasSum: false };
    series.set(key, known);
    if (sample.name.endsWith("_bucket")) known.buckets.push(sample);
    else if (sample.name.endsWith("_count")) known.count = sample.value;
    else known.hasSum = true;
  }
  for (const { buckets, count, hasSum } of series.values()) {
    const bounds = buckets.map(({ labels }) => toNumber(labels["le"] ?? ""));
    if (bounds.at(-1) !== Infinity) throw new Error(`${name} does not end at +Inf`);
    for (let i = 0; i < buckets.length; i++) {
      const { value, exemplar, labels } = buckets[i]!;
      if (i > 0 && !(bounds[i]! > bounds[i - 1]! && value >= buckets[i - 1]!.value)) throw new Error(`${name} falls`);
      if (isOpenMetrics && /^-?\d+$/.test(labels["le"] ?? "")) throw new Error(`${name} has le=${labels["le"]}`);
      if (exemplar === undefined) continue;
      if (exemplar.value > bounds[i]! || (i > 0 && exemplar.value <= bounds[i - 1]!))
        throw new Error(`${name}: the exemplar ${exemplar.value} is not in its bucket`);
    }
    if (count !== undefined && count !== buckets.at(-1)!.value) throw new Error(`${name} does not add up`);
    if (isOpenMetrics && hasSum !== (count !== undefined)) throw new Error(`${name} has a sum or a count alone`);
  }
}

function parseSample(line: string, isOpenMetrics: boolean): StrictSample {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match === null) throw new Error(`at ${at} of ${line}`);
    at = pattern.lastIndex;
    return match;
  };
  const expect = (text: string): void => {
    if (!line.startsWith(text, at)) throw new Error(`no ${text} at ${at} of ${line}`);
    at += text.length;
  };
  const labelsHere = (): Record<string, string> => {
    const labels: Record<string, string> = Object.create(null);
    expect("{");
    while (line[at] !== "}") {
      if (Object.keys(labels).length > 0) expect(",");
      const [, name = "", value = ""] = take(LABEL);
      if (name in labels || name.startsWith("__")) throw new Error(`the label ${name} in ${line}`);
      labels[name] = unquote(value, /\\["\\n]/g, /\\/);
    }
    expect("}");
    return { ...labels };
  };
  const [name] = take(NAME);
  const labels = line[at] === "{" ? labelsHere() : {};
  expect(" ");
  const value = toNumber(take(NUMBER)[0]);
  if (at === line.length) return { name, labels, value, exemplar: undefined };
  if (!isOpenMetrics) throw new Error(`more than a sample: ${line}`);
  expect(" # ");
  const exemplarLabels = labelsHere();
  if (Object.entries(exemplarLabels).flat().join("").length > 128) throw new Error(`a long exemplar: ${line}`);
  expect(" ");
  const exemplarValue = toNumber(take(NUMBER)[0]);
  expect(" ");
  const seconds = toNumber(take(NUMBER)[0]);
  if (at !== line.length) throw new Error(`more than an exemplar: ${line}`);
  return { name, labels, value, exemplar: { labels: exemplarLabels, value: exemplarValue, seconds } };
}

function unquote(text: string, escapes: RegExp, forbidden: RegExp): string {
  if (forbidden.test(text.replace(escapes, ""))) throw new Error(`not escaped: ${text}`);
  return text.replace(escapes, (pair) => (pair === "\\n" ? "\n" : pair[1]!));
}

function toNumber(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
