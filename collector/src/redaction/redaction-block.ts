// The processors of the second wall, as lines of a Collector's configuration.
import type { CoreLists } from "./core-lists.ts";
import { CLOSED_NAMES, INNOCENT_NAMES } from "./known-names.ts";
import { toNamePatterns } from "./name-patterns.ts";
import { toValuePatterns } from "./value-patterns.ts";

/** Texts of spans, and when they are worth a look: names of stages have nothing that could begin a secret. */
const SPAN_TEXTS = {
  "span.name": 'IsMatch(span.name, "[=:/@% ]|[A-Za-z0-9_-]{20}")',
  "span.status.message": 'span.status.message != ""',
};

/** The lines of `redaction/names`, `redaction/values` and `transform/span_texts`. */
export function redactionLines(lists: CoreLists): string[] {
  const names = toNamePatterns(lists);
  const values = toValuePatterns(lists);
  const anyOf = values.map((pattern) => `(?:${pattern})`).join("|");
  return [
    "# Made from the lists in packages/core by `node collector/src/write.ts`; a test fails when they differ.",
    "redaction/names:",
    "  allow_all_keys: true",
    "  redact_all_types: true",
    "  summary: silent",
    "  # Known and innocent: most attributes are looked up here, and cost nothing more.",
    ...listed("ignored_keys", INNOCENT_NAMES),
    ...listed("blocked_key_patterns", names.blocked),
    "  # Names that speak about a secret (`password_length`); their values are looked at below all the same.",
    ...listed("ignored_key_patterns", names.ignored),
    "  # What the first wall has taken out keeps its mark, and `has_secret: true` tells no secret.",
    ...listed("allowed_values", ["^\\[REDACTED\\]$", "^(?:true|false|null)$"]),
    "redaction/values:",
    "  allow_all_keys: true",
    "  redact_all_types: true",
    "  summary: silent",
    "  # Numbers and closed vocabularies, written by Tracebook or an instrumentation and never by a host.",
    ...listed("ignored_keys", CLOSED_NAMES),
    ...listed("blocked_values", values),
    "# Names of spans and what they say of their errors: the processor above leaves them alone.",
    "transform/span_texts:",
    "  error_mode: ignore",
    "  trace_statements:",
    "    - context: span",
    "      statements:",
    ...Object.entries(SPAN_TEXTS).map(
      ([path, where]) =>
        `        - ${quoted(`replace_pattern(${path}, ${JSON.stringify(anyOf)}, "****") where ${where}`)}`,
    ),
  ];
}

function listed(name: string, patterns: readonly string[]): string[] {
  return [`  ${name}:`, ...patterns.map((pattern) => `    - ${quoted(pattern)}`)];
}

/** A YAML scalar in single quotes; the Collector wants a dollar sign doubled. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll("$", "$$$$")}'`;
}
