// The filter by labels of a metric in the address: one parameter for each label, `where.symbol=BTC/USDT`.

const PREFIX = "where.";

/** Labels that series must have, by name. */
export type LabelFilter = ReadonlyMap<string, string>;

/** Reads the filter; labels without a value do not matter. */
export function labelFilter(parameters: URLSearchParams): LabelFilter {
  const filter = new Map<string, string>();
  for (const [name, value] of parameters)
    if (name.startsWith(PREFIX) && name.length > PREFIX.length && value !== "")
      filter.set(name.slice(PREFIX.length), value);
  return filter;
}

/** The change of the address that sets a label; undefined or an empty text takes it out. */
export function labelChange(name: string, value: string | undefined): Readonly<Record<string, string | undefined>> {
  return { [PREFIX + name]: value };
}

/** The change that takes all labels out. */
export function noLabels(parameters: URLSearchParams): Readonly<Record<string, undefined>> {
  return Object.fromEntries(
    [...parameters.keys()].filter((name) => name.startsWith(PREFIX)).map((name) => [name, undefined]),
  );
}

/** The filter as the API wants it: `name:value`. */
export function labelQuery(filter: LabelFilter): string[] {
  return [...filter].map(([name, value]) => `${name}:${value}`);
}
