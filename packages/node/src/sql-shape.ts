// What a metric may know of a query: its operation and its table, both from small sets, never its text.

/** The labels of a query. */
export interface SqlShape {
  /** `select`, `insert`, `update`, ... in lower case; `other` for anything that is not a known command. */
  readonly operation: string;
  /** The first table it names, without its schema, in lower case unless quoted; empty where it names none. */
  readonly table: string;
}

const OPERATIONS = new Set(
  `select insert update delete merge copy truncate create alter drop begin start commit end rollback savepoint release set reset show
  listen unlisten notify lock vacuum analyze explain call do values fetch declare close prepare execute deallocate refresh discard
  grant revoke comment reindex cluster checkpoint abort`.split(/\s+/),
);
/** Texts longer than this are read at their start only; the command and its table stand there. */
const READ_UNITS = 4_096;
const MAX_NAME_UNITS = 63;
const CACHED_TEXTS = 500;
/** Strings, quoted names, comments and words: all that has to be told apart to find a keyword. */
const TOKEN =
  /'(?:[^']|'')*'|"((?:[^"]|"")+)"|--[^\n]*|\/\*[\s\S]*?\*\/|([a-z_\u0080-\uffff][\w$\u0080-\uffff]*)|[().,;]/gi;
const NOT_A_TABLE = new Set([
  "only",
  "if",
  "not",
  "exists",
  "table",
  "lateral",
  "select",
  "values",
  "unnest",
  "concurrently",
]);
const UNKNOWN: SqlShape = Object.freeze({ operation: "other", table: "" });

/** Makes a reader that remembers the last few hundred texts: services ask the same questions again and again. Never throws. */
export function createSqlReader(): (text: string) => SqlShape {
  const known = new Map<string, SqlShape>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const shape = readSqlShape(text);
    // Texts with values in them are endless: then the memory stays bounded and the common ones are learned again.
    if (known.size >= CACHED_TEXTS) known.clear();
    if (text.length <= READ_UNITS) known.set(text, shape);
    return shape;
  };
}

/** Reads one text. It is no parser: what it cannot make out is `other`, or has no table. */
export function readSqlShape(text: string): SqlShape {
  const words = tokensOf(text.slice(0, READ_UNITS));
  const first = words.find((token) => token !== "(") ?? "";
  const at = first === "with" ? mainCommand(words) : words.indexOf(first);
  const operation = words[at] ?? "";
  if (!OPERATIONS.has(operation)) return UNKNOWN;
  return { operation, table: tableOf(operation, words, at) };
}

/** Keywords in lower case, quoted names behind a `"`, and the signs that matter. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (const [token, quoted, word] of text.matchAll(TOKEN)) {
    if (quoted !== undefined) tokens.push(`"${quoted.replaceAll('""', '"')}`);
    else if (word !== undefined) tokens.push(word.toLowerCase());
    else if (token.length === 1) tokens.push(token);
  }
  return tokens;
}

/** Behind `with`: the command outside all parentheses, which the parts before it serve. */
function mainCommand(words: readonly string[]): number {
  let depth = 0;
  for (const [at, word] of words.entries()) {
    if (word === "(") depth++;
    else if (word === ")") depth--;
    else if (depth === 0 && /^(?:select|insert|update|delete|merge|values)$/.test(word)) return at;
  }
  return -1;
}

/** The word that a table stands behind, by command. */
function introducerOf(operation: string): RegExp | undefined {
  switch (operation) {
    case "select":
    case "delete":
    case "fetch":
      return /^from$/;
    case "insert":
    case "merge":
      return /^into$/;
    case "create":
    case "alter":
    case "drop":
      return /^table$/;
    case "update":
    case "copy":
    case "truncate":
    case "lock":
    case "vacuum":
    case "analyze":
      return undefined;
    default:
      return /^$/;
  }
}

function tableOf(operation: string, words: readonly string[], at: number): string {
  const introducer = introducerOf(operation);
  let next = introducer === undefined ? at + 1 : words.findIndex((word, i) => i >= at && introducer.test(word)) + 1;
  if (next === 0) return "";
  while (NOT_A_TABLE.has(words[next] ?? "")) next++;
  let name = words[next] ?? "";
  // `schema.table`: the last of the names.
  while (words[next + 1] === "." && isName(words[next + 2])) {
    next += 2;
    name = words[next] ?? "";
  }
  // A function in the place of a table: `from generate_series(1, 3)`. Behind `insert into` it is the list of columns.
  if (!isName(name) || (words[next + 1] === "(" && /^(?:select|delete)$/.test(operation))) return "";
  return name.replace(/^"/, "").slice(0, MAX_NAME_UNITS);
}

function isName(word: string | undefined): boolean {
  return word !== undefined && word.length > 1 ? /^["a-z_\u0080-\uffff]/.test(word) : /^[a-z_]$/.test(word ?? "");
}
