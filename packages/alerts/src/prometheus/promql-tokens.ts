// PromQL as tokens.
import { NotExpressible } from "./not-expressible.ts";

/** A token. */
export interface Token {
  readonly kind: "name" | "number" | "duration" | "text" | "sign" | "end";
  readonly text: string;
}

const TOKENS = [
  ["space", /(?:\s|#.*)+/y],
  ["duration", /\d+(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*(?!\w)/y],
  ["number", /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?!\w)/y],
  ["name", /[A-Za-z_:][\w:]*/y],
  ["text", /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y],
  ["sign", /==|!=|>=|<=|=~|!~|[-+*/%^(){}[\],=<>@]/y],
] as const;

const MAX_LENGTH = 20_000;

/** The tokens of an expression; the last one is its end. Throws {@link NotExpressible} for what PromQL does not have. */
export function toTokens(expr: string): readonly Token[] {
  if (expr.length > MAX_LENGTH)
    throw new NotExpressible(`its expression has ${expr.length} characters; ${MAX_LENGTH} are looked at.`);
  const tokens: Token[] = [];
  for (let at = 0; at < expr.length; ) {
    const found = tokenAt(expr, at);
    if (found === undefined)
      throw new NotExpressible(`its expression cannot be read at ${JSON.stringify(expr.slice(at, at + 20))}.`);
    at += found.text.length;
    if (found.kind !== "space") tokens.push({ kind: found.kind, text: found.text });
  }
  return [...tokens, { kind: "end", text: "" }];
}

/** What a text stands for, with the escapes of Go that have one character each. Throws {@link NotExpressible} for others. */
export function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith("`")) return inner;
  return inner.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (found, code: string) => {
    if (/^[xu]./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const plain = ESCAPES[code];
    if (plain === undefined) throw new NotExpressible(`its expression has the escape ${found}, which is not read.`);
    return plain;
  });
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\", '"': '"', "'": "'" };

function tokenAt(expr: string, at: number) {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const text = pattern.exec(expr)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}
