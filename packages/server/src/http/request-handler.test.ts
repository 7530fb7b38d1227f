import { expect, test } from "vitest";
import { createRequestHandler, type HandlerTools } from "./request-handler.ts";

const ARRIVAL = {
  localAddress: "127.0.0.1",
  localPort: 8790,
  basePath: "",
  isWhole: true,
  body: undefined,
  cut: undefined,
};

/** A handler whose API throws, and what is said of that. */
function failing(thrown: unknown) {
  const said: unknown[] = [];
  const tools = {
    api: { app: { fetch: () => Promise.reject(thrown) } },
    methodsOf: () => ["GET"],
    guardHost: () => {},
    tokens: { isLetIn: () => true },
    onError: (error: unknown) => said.push(error),
  } as unknown as HandlerTools;
  return { handle: createRequestHandler(tools), said };
}

function question(signal: AbortSignal): Request {
  return new Request("http://127.0.0.1:8790/api/telemetry/desk", { headers: { host: "127.0.0.1:8790" }, signal });
}

test("an error that nobody expected is said, and answered with 500", async () => {
  const { handle, said } = failing(new TypeError("no"));
  const response = await handle(question(new AbortController().signal), ARRIVAL);
  expect([response.status, said]).toEqual([500, [new TypeError("no")]]);
});

// The reason is a text where the connection ended: that is no Error, and comes past those who look for one.
test.each(["Error: aborted", new DOMException("gone", "AbortError")])(
  "of a question that was taken back nothing is said (%s)",
  async (reason) => {
    const { handle, said } = failing(reason);
    const response = await handle(question(AbortSignal.abort(reason)), ARRIVAL);
    expect([response.status, said]).toEqual([400, []]);
  },
);
