// How key=value lists are read: the resource attributes, and what headers share with them.
import { NOT_SAID, type Parsed, type ValueKind } from "./config-parsers.ts";

/** Attributes of the resource. */
export type ResourceAttributes = Readonly<Record<string, string>>;

const ATTRIBUTE_LIMIT = 128;
const ATTRIBUTE_UNITS = 4096;

/** Resource attributes: `key=value,key=value`, percent-encoded (in code: an object). One mistake discards the list, as specified. */
export const resourceAttributesKind: ValueKind<ResourceAttributes> = {
  expected: "a list of key=value, percent-encoded",
  empty: Object.freeze({}),
  parse(text) {
    const pairs = parsePairs(text);
    return "why" in pairs ? pairs : checkAttributes(pairs.value);
  },
  accept(value) {
    if (!isPlainObject(value)) return { why: "" };
    const own = Object.keys(value).find((key) => key === SERVICE_NAME_KEY || key === ENVIRONMENT_KEY);
    if (own !== undefined) return { why: `${own} has an option of its own` };
    return checkAttributes(Object.entries(value));
  },
  show: showCount("attribute"),
};

function checkAttributes(entries: readonly (readonly [string, unknown])[]): Parsed<ResourceAttributes> {
  if (entries.length > ATTRIBUTE_LIMIT) return { why: `it has more than ${ATTRIBUTE_LIMIT} attributes` };
  const wrong = entries.findIndex(([key, value]) => key === "" || !isAttributeText(key) || !isAttributeText(value));
  if (wrong >= 0)
    return { why: `attribute ${wrong + 1} has no name, is too long, no text, or holds a control character` };
  return { value: Object.freeze(Object.fromEntries(entries as [string, string][])) };
}

function isAttributeText(text: unknown): boolean {
  return typeof text === "string" && text.length <= ATTRIBUTE_UNITS && !/[\p{Cc}\p{Cs}]/u.test(text);
}

/** The resource attribute that names the service. */
export const SERVICE_NAME_KEY = "service.name";
/** The resource attribute that names the deployment environment. */
export const ENVIRONMENT_KEY = "deployment.environment.name";

/** One attribute of `OTEL_RESOURCE_ATTRIBUTES` as the value of a setting. A list that cannot be read is reported elsewhere. */
export function fromResourceAttribute(key: string, kind: ValueKind<string>): ValueKind<string> {
  return {
    ...kind,
    expected: `a list in which ${key} is ${kind.expected}`,
    parse(text) {
      const attributes = resourceAttributesKind.parse(text, {});
      if (attributes === NOT_SAID || "why" in attributes || !Object.hasOwn(attributes.value, key)) return NOT_SAID;
      return kind.accept(attributes.value[key]);
    },
  };
}

/** The decoded pairs of a `key=value,key=value` list; values may hold further `=`. */
export function parsePairs(text: string): { readonly value: [string, string][] } | { readonly why: string } {
  const pairs: [string, string][] = [];
  const items = text.split(",").filter((item) => item.trim() !== "");
  for (const [index, item] of items.entries()) {
    const split = item.indexOf("=");
    if (split < 1) return { why: `item ${index + 1} is not key=value` };
    try {
      pairs.push([decodeURIComponent(item.slice(0, split).trim()), decodeURIComponent(item.slice(split + 1).trim())]);
    } catch {
      return { why: `item ${index + 1} is not percent-encoded well` };
    }
  }
  return pairs.length === 0 ? { why: "it has no items" } : { value: pairs };
}

/** True for an object that is no list. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Prints how many entries an object has, not what they are. */
export function showCount(noun: string): (values: object) => string {
  return (values) => {
    const count = Object.keys(values).length;
    return count === 0 ? "none" : `${count} ${noun}${count === 1 ? "" : "s"}`;
  };
}
