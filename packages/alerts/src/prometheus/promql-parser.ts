// PromQL as a tree, as far as rules can say it; what is beyond is refused by name.
import { parseDuration } from "./durations.ts";
import { NotExpressible } from "./not-expressible.ts";
import { type Token, toTokens, unquoted } from "./promql-tokens.ts";

/** A condition on a label. */
export interface Matcher {
  readonly label: string;
  readonly op: string;
  readonly value: string;
}

/** The values of a series, or with `window` those of the seconds before. */
export interface Selector {
  readonly kind: "selector";
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly window: number | undefined;
  readonly offset: number;
}

/** An expression. */
export type PromqlNode =
  | { readonly kind: "number"; readonly value: number }
  | Selector
  | { readonly kind: "call"; readonly name: string; readonly args: readonly PromqlNode[] }
  | { readonly kind: "aggregate"; readonly name: string; readonly by: readonly string[]; readonly arg: PromqlNode }
  | { readonly kind: "binary"; readonly op: string; readonly left: PromqlNode; readonly right: PromqlNode };

/** From the one that binds least to the one that binds most. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and", "unless"],
  ["==", "!=", "<=", "<", ">=", ">"],
  ["+", "-"],
  ["*", "/", "%"],
];
const AGGREGATES = new Set([
  "sum",
  "avg",
  "min",
  "max",
  "count",
  "quantile",
  "topk",
  "bottomk",
  "stddev",
  "stdvar",
  "group",
  "count_values",
]);
const MODIFIERS = new Set(["bool", "on", "ignoring", "group_left", "group_right"]);
const MAX_DEPTH = 100;

/** The tree of an expression. Throws {@link NotExpressible}. */
export function parsePromql(expr: string): PromqlNode {
  const parser = new Parser(toTokens(expr));
  const node = parser.binary(0);
  parser.expect("end", "");
  return node;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  binary(level: number): PromqlNode {
    const ops = LEVELS[level];
    if (ops === undefined) return this.#unary();
    let left = this.binary(level + 1);
    while (ops.includes(this.#token.text) && this.#token.kind !== "text") {
      const op = this.#next().text;
      if (MODIFIERS.has(this.#token.text))
        throw new NotExpressible(`it matches series by ${this.#token.text}, and a rule is about one value.`);
      left = { kind: "binary", op, left, right: this.binary(level + 1) };
    }
    return left;
  }

  expect(kind: Token["kind"], text?: string): Token {
    const token = this.#next();
    if (token.kind === kind && (text === undefined || token.text === text)) return token;
    throw unreadable(token);
  }

  #unary(): PromqlNode {
    let isNegative = false;
    for (;;) {
      if (this.#takes("-")) isNegative = !isNegative;
      else if (!this.#takes("+")) break;
    }
    const node = this.#primary();
    if (!isNegative) return node;
    if (node.kind === "number") return { kind: "number", value: -node.value };
    throw new NotExpressible("it turns the sign of a value around; a threshold can be turned around instead.");
  }

  #primary(): PromqlNode {
    if (++this.#depth > MAX_DEPTH) throw new NotExpressible("its expression is nested too deeply.");
    try {
      if (this.#token.kind === "number") return { kind: "number", value: Number(this.#next().text) };
      if (this.#takes("(")) {
        const node = this.binary(0);
        this.expect("sign", ")");
        return node;
      }
      if (this.#token.text === "{") return this.#selector("");
      const name = this.expect("name").text;
      if (AGGREGATES.has(name)) return this.#aggregate(name);
      return this.#token.text === "(" ? this.#call(name) : this.#selector(name);
    } finally {
      this.#depth--;
    }
  }

  #call(name: string): PromqlNode {
    return { kind: "call", name, args: this.#args() };
  }

  #aggregate(name: string): PromqlNode {
    const before = this.#grouping();
    const args = this.#args();
    const by = before ?? this.#grouping() ?? [];
    const [arg] = args;
    if (arg === undefined || args.length > 1)
      throw new NotExpressible(`it takes ${name} with ${args.length} arguments.`);
    return { kind: "aggregate", name, by, arg };
  }

  #grouping(): readonly string[] | undefined {
    if (this.#token.text === "without")
      throw new NotExpressible("it groups series by all labels but some; a rule is about one value.");
    if (!this.#takes("by")) return undefined;
    const labels: string[] = [];
    this.expect("sign", "(");
    while (!this.#takes(")")) {
      labels.push(this.expect("name").text);
      if (this.#token.text !== ")") this.expect("sign", ",");
    }
    return labels;
  }

  #args(): readonly PromqlNode[] {
    const args: PromqlNode[] = [];
    this.expect("sign", "(");
    while (!this.#takes(")")) {
      if (this.#token.kind === "text") throw new NotExpressible("it writes labels anew, which a rule cannot.");
      args.push(this.binary(0));
      if (this.#token.text !== ")") this.expect("sign", ",");
    }
    return args;
  }

  #selector(name: string): PromqlNode {
    const matchers = this.#takes("{") ? this.#matchers() : [];
    if (name === "") throw new NotExpressible("it selects metrics by a pattern of their names.");
    const window = this.#takes("[") ? this.#window() : undefined;
    const offset = this.#takes("offset") ? this.#duration() : 0;
    if (this.#token.text === "@") throw new NotExpressible("it asks for a fixed instant.");
    return { kind: "selector", name, matchers, window, offset };
  }

  #matchers(): readonly Matcher[] {
    const matchers: Matcher[] = [];
    while (!this.#takes("}")) {
      const label = this.expect("name").text;
      const op = this.expect("sign").text;
      matchers.push({ label, op, value: unquoted(this.expect("text").text) });
      if (this.#token.text !== "}") this.expect("sign", ",");
    }
    return matchers;
  }

  #window(): number {
    const window = this.#duration();
    const token = this.#next();
    if (token.text === "]") return window;
    throw token.text.startsWith(":") ? new NotExpressible("it has a query within a query.") : unreadable(token);
  }

  #duration(): number {
    const seconds = parseDuration(this.expect("duration").text);
    if (seconds === undefined) throw new NotExpressible("it has a duration that cannot be read.");
    return seconds;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "" };
  }

  #next(): Token {
    const token = this.#token;
    this.#at++;
    return token;
  }

  #takes(text: string): boolean {
    if (this.#token.text !== text || this.#token.kind === "text") return false;
    this.#at++;
    return true;
  }
}

function unreadable({ kind, text }: Token): NotExpressible {
  return new NotExpressible(`its expression cannot be read at ${kind === "end" ? "its end" : JSON.stringify(text)}.`);
}
