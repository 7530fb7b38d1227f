/** A real HTTP server on loopback whose answers a test decides, with every request it got. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type PlacedParameters, readPlaced } from "./placed-parameters.ts";

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly query: string;
  readonly body: string;
  readonly parameters: PlacedParameters;
}

/** What to answer: a status and body, or something the test does to the response by itself. */
export type ScriptedAnswer = { readonly status: number; readonly body: string } | ((response: ServerResponse) => void);

/** The server. Made by `startScriptedVenue`. */
export interface ScriptedVenue {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Starts a server that answers each request by the script. */
export async function startScriptedVenue(script: (request: SeenRequest) => ScriptedAnswer): Promise<ScriptedVenue> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const seen = toSeen(request, body);
      requests.push(seen);
      const answer = script(seen);
      if (typeof answer === "function") return answer(response);
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function toSeen(request: IncomingMessage, body: string): SeenRequest {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  return {
    method: request.method ?? "",
    path,
    headers: request.headers,
    query,
    body,
    parameters: readPlaced(body === "" ? query : body),
  };
}
