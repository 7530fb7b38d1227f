// Requests as bytes on a socket: what no client would send.
import { connect } from "node:net";

/** What came back. */
export interface RawAnswer {
  /** 0: the connection ended without an answer. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Whether the server ended the connection. */
  readonly isEnded: boolean;
}

/** How a raw request is sent. */
export interface RawOptions {
  /** Called when the head is out, to send more. */
  readonly more?: (write: (bytes: Uint8Array | string) => boolean, onDrain: (go: () => void) => void) => void;
  /** Waits for the end of the connection instead of the end of the answer. */
  readonly untilEnd?: boolean;
  readonly timeoutMs?: number;
}

/** Sends bytes and reads the answer, until it is whole or the connection ends. */
export function sendRaw(url: string, bytes: string | Uint8Array, options: RawOptions = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer to ${JSON.stringify(String(bytes).slice(0, 200))}`));
    }, options.timeoutMs ?? 15_000);
    let text = "";
    const finish = (isEnded: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parse(text), isEnded });
    };
    socket.setEncoding("latin1");
    socket.on("connect", () => {
      socket.write(bytes);
      options.more?.(
        (piece) => !socket.destroyed && socket.write(piece),
        (go) => socket.once("drain", go),
      );
    });
    socket.on("data", (piece: string) => {
      text += piece;
      if (options.untilEnd !== true && isWhole(text)) finish(false);
    });
    // A server that has had enough resets the connection, after its answer.
    socket.on("error", () => finish(true));
    socket.on("close", () => finish(true));
  });
}

/** A request without a body, with exactly these header lines. */
export function rawRequest(method: string, target: string, headers: readonly string[]): string {
  return `${[`${method} ${target} HTTP/1.1`, ...headers, "", ""].join("\r\n")}`;
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const { headers, body } = parse(text);
  const length = headers.get("content-length");
  if (length !== undefined) return body.length >= Number(length);
  return headers.get("transfer-encoding") === "chunked" ? text.endsWith("0\r\n\r\n") : false;
}

function parse(text: string) {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers, body: rest.join("\r\n\r\n") };
}
