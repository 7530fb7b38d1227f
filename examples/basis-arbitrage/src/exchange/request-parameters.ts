/** The parameters of a REST request, from query string and form body, with the exact text that was signed. */
import { type Rejection, rejections } from "./rejection.ts";

/** Parameters as sent. */
export interface RequestParameters {
  readonly kind: "parameters";
  readonly values: ReadonlyMap<string, string>;
  /** Query string and body, one after the other, without `signature`: what the client computed its HMAC over. */
  readonly signedText: string;
}

/** More parameters than any endpoint has. */
const MAX_PARAMETERS = 64;

/** Splits and decodes; a repeated parameter, a broken escape or a part without a name is a rejection. Never throws. */
export function parseParameters(query: string, body: string): RequestParameters | Rejection {
  const values = new Map<string, string>();
  const signed: string[] = [];
  for (const text of [query, body]) {
    const parts = text === "" ? [] : text.split("&");
    if (parts.length + values.size > MAX_PARAMETERS) return rejections.tooManyParameters;
    for (const part of parts) {
      const pair = decodePair(part);
      if (pair === undefined || pair[0] === "") return rejections.malformedRequest;
      if (values.has(pair[0])) return rejections.duplicateParameter;
      values.set(...pair);
    }
    signed.push(parts.filter((part) => !part.startsWith("signature=")).join("&"));
  }
  return { kind: "parameters", values, signedText: signed.join("") };
}

function decodePair(part: string): [name: string, value: string] | undefined {
  const equals = part.indexOf("=");
  if (equals < 0) return undefined;
  try {
    return [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
