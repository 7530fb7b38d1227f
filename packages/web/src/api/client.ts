// Questions to the desk's server, typed by its OpenAPI document.
import type { components, paths } from "./schema.ts";

/** Paths that answer a GET with JSON. */
export type AnswerPath = {
  [P in keyof paths]: paths[P] extends { get: { responses: { 200: { content: { "application/json": unknown } } } } }
    ? P
    : never;
}[keyof paths];

type Get<P extends AnswerPath> = paths[P] extends { get: infer G } ? G : never;

/** What a path answers. */
export type Answer<P extends AnswerPath> =
  Get<P> extends { responses: { 200: { content: { "application/json": infer A } } } } ? A : never;

/** The query of a path; what is undefined is left out. */
export type Query<P extends AnswerPath> =
  Get<P> extends { parameters: { query?: infer Q } }
    ? { readonly [K in keyof NonNullable<Q>]: NonNullable<Q>[K] | undefined }
    : Record<string, never>;

/** The parts of a path that are filled in. */
export type PathValues<P extends AnswerPath> =
  Get<P> extends { parameters: { path: infer V extends object } }
    ? { readonly [K in keyof V]: string | number }
    : undefined;

export type StoredEvent = components["schemas"]["Event"];
export type Decision = components["schemas"]["Decision"];
export type Span = components["schemas"]["Span"];
export type TraceSummary = components["schemas"]["TraceSummary"];
export type Card = components["schemas"]["Card"];
export type Alert = components["schemas"]["Alert"];
export type AlertSeverity = Alert["severity"];
export type AlertHistoryEntry = components["schemas"]["AlertHistoryEntry"];
export type AlertNotification = components["schemas"]["AlertNotification"];
export type StoredAlertRule = components["schemas"]["StoredAlertRule"];
export type RuleProblem = components["schemas"]["RuleProblem"];

/** What the server says when it cannot answer. */
export class ApiProblem extends Error {
  /** 0: the server could not be reached. */
  readonly status: number;
  readonly code: string;
  readonly parameter: string | undefined;
  /** All that is wrong with a body, each with its place. */
  readonly problems: readonly RuleProblem[];

  constructor(status: number, code: string, detail: string, parameter?: string, problems: readonly RuleProblem[] = []) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
    this.parameter = parameter;
    this.problems = problems;
  }
}

/** Whether the same question may be answered a moment later: the server was away, busy or in trouble. */
export function isPassing({ status }: ApiProblem): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** The address of a question, relative to the page. */
export function addressOf<P extends keyof paths>(
  path: P,
  query: Readonly<Record<string, unknown>> = {},
  values: Readonly<Record<string, string | number>> | undefined = undefined,
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(String(values?.[name] ?? "")),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat())
      if (one !== undefined && one !== null && one !== "") search.append(name, String(one));
  const text = search.toString();
  return `${filled.slice(1)}${text === "" ? "" : `?${text}`}`;
}

/** Asks. Rejects with {@link ApiProblem}. */
export async function ask<P extends AnswerPath>(
  path: P,
  query: Query<P>,
  values: PathValues<P>,
  signal: AbortSignal,
): Promise<Answer<P>> {
  let response: Response;
  try {
    response = await fetch(addressOf(path, query, values as Record<string, string> | undefined), {
      signal,
      headers: { accept: "application/json" },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiProblem(0, "unreachable", "The desk's server does not answer. Is it still running?");
  }
  if (response.ok) return (await response.json()) as Answer<P>;
  throw await problemOf(response);
}

/** What a server says that could not do it. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  try {
    const { code, detail, parameter, problems } = (await response.json()) as components["schemas"]["Problem"];
    return new ApiProblem(response.status, code, detail, parameter, problems);
  } catch {
    return new ApiProblem(response.status, "unknown", `The server answered with status ${response.status}.`);
  }
}
