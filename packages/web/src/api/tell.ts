// What is written to the desk's server: the same types, the same problems as for what is asked.
import { ApiProblem, addressOf, problemOf } from "./client.ts";
import type { paths } from "./schema.ts";

type Method = "post" | "put" | "delete";
type Ok = { responses: { 200: { content: { "application/json": unknown } } } };

/** Paths that take a method and answer with JSON. */
export type TellPath<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: Ok } ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends keyof paths> = paths[P] extends { [K in M]: infer O } ? O : never;

/** What is told: the body, and what the address is made of. */
export interface Told<M extends Method, P extends TellPath<M>> {
  readonly body?: Operation<M, P> extends { requestBody: { content: { "application/json": infer B } } } ? B : undefined;
  /** The parts of the path. */
  readonly values?: Operation<M, P> extends { parameters: { path: infer V } } ? V : undefined;
  readonly query?: Operation<M, P> extends { parameters: { query?: infer Q } } ? Q : undefined;
  readonly signal?: AbortSignal;
}

/** What comes back. */
export type Reply<M extends Method, P extends TellPath<M>> =
  Operation<M, P> extends { responses: { 200: { content: { "application/json": infer A } } } } ? A : never;

/** Tells. Rejects with {@link ApiProblem}; what is wrong with a body is in its `problems`. */
export async function tell<M extends Method, P extends TellPath<M>>(
  method: M,
  path: P,
  { body, values, query, signal }: Told<M, P>,
): Promise<Reply<M, P>> {
  const address = addressOf(path, query as Record<string, unknown>, values as Record<string, string> | undefined);
  let response: Response;
  try {
    response = await fetch(address, {
      method: method.toUpperCase(),
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiProblem(0, "unreachable", "The desk's server does not answer. Nothing is known to have changed.");
  }
  if (response.ok) return (await response.json()) as Reply<M, P>;
  throw await problemOf(response);
}
