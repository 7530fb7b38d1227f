// What a port speaks that hangs up on HTTP or answers it with something else: TLS, HTTP/2 (gRPC), or plain HTTP.
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { NameLookup } from "./name-lookup.ts";

/** What a port speaks, by the codes that `explainDeliveryFailure` takes. */
export type PortLanguage = "TLS_ANSWER" | "HTTP2_ANSWER" | "HTTP_ANSWER";

/** The client's preface of HTTP/2 (RFC 9113, section 3.4) and empty settings. */
const HTTP2_PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const HTTP1_REQUEST = Buffer.from("OPTIONS * HTTP/1.0\r\n\r\n");
const LEAST_BUDGET_MS = 50;
const MOST_BUDGET_MS = 1_500;

/** Many a port with TLS answers whoever speaks to it without, and says so: Go, nginx, Apache, Tomcat. */
const TLS_WANTED = /to an? (?:https|ssl|tls)[- ]?(?:enabled )?(?:server|port)|https port|port requires tls/i;

/** Recognises a language by the first bytes of an answer. */
export function languageOfBytes(bytes: Buffer): PortLanguage | undefined {
  if (bytes.toString("latin1", 0, 5) === "HTTP/")
    return TLS_WANTED.test(bytes.toString("latin1")) ? undefined : "HTTP_ANSWER";
  // A record of TLS: an alert or a handshake message, and version 3.x (RFC 8446, section 5.1).
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03) return "TLS_ANSWER";
  // A frame of HTTP/2: SETTINGS or GOAWAY of stream 0 (RFC 9113, section 4.1).
  const isFrame = bytes.length >= 9 && (bytes[3] === 0x04 || bytes[3] === 0x07) && bytes.readUInt32BE(5) === 0;
  return isFrame ? "HTTP2_ANSWER" : undefined;
}

/** Asks a port in all languages; undefined when it answers none, or the same as ever. Never rejects; takes `budgetMs` at most. */
export async function askPortLanguage(
  url: string,
  budgetMs: number,
  { lookup }: NameLookup,
): Promise<PortLanguage | undefined> {
  if (budgetMs < LEAST_BUDGET_MS) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const timeoutMs = Math.min(budgetMs, MOST_BUDGET_MS);
  const place: Place = { host, lookup, port: Number(port) || (protocol === "https:" ? 443 : 80) };
  const inPlain = Promise.all([
    askInPlain(place, HTTP1_REQUEST, timeoutMs),
    askInPlain(place, HTTP2_PREFACE, timeoutMs),
  ]);
  return protocol === "https:" ? askBesideTls(place, inPlain, timeoutMs) : askBesideHttp(place, inPlain, timeoutMs);
}

type PlainAnswers = Promise<readonly [http1: PortLanguage | undefined, http2: PortLanguage | undefined]>;

/** A port that has HTTP/1.1 beside HTTP/2 is none of gRPC alone: it had another reason to hang up. */
async function askBesideHttp(place: Place, inPlain: PlainAnswers, timeoutMs: number) {
  const [tls, [http1, http2]] = await Promise.all([askForTls(place, ["http/1.1", "h2"], timeoutMs), inPlain]);
  return http1 ?? (tls === undefined ? http2 : "TLS_ANSWER");
}

/** Where TLS is spoken, what is said without it means nothing. HTTP/2 and nothing else over TLS is gRPC. */
async function askBesideTls(place: Place, inPlain: PlainAnswers, timeoutMs: number) {
  const [two, one, [http1, http2]] = await Promise.all([
    askForTls(place, ["h2"], timeoutMs),
    askForTls(place, ["http/1.1"], timeoutMs),
    inPlain,
  ]);
  if (two === undefined && one === undefined) return http1 ?? http2;
  return two?.protocol === "h2" && one?.protocol !== "http/1.1" ? "HTTP2_ANSWER" : undefined;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
}

/** Says something over TCP and looks at what comes back. */
function askInPlain(place: Place, words: Buffer, timeoutMs: number): Promise<PortLanguage | undefined> {
  return ask(timeoutMs, (settle) => {
    const socket = connect(place);
    socket.on("connect", () => socket.write(words));
    socket.on("data", (bytes: Buffer) => settle(languageOfBytes(bytes)));
    return socket;
  });
}

/** Shakes hands and hangs up; undefined when no TLS is spoken. Nothing is sent and nothing is trusted. */
function askForTls(place: Place, protocols: string[], timeoutMs: number): Promise<{ protocol: string } | undefined> {
  const servername = isIP(place.host) === 0 ? { servername: place.host } : {};
  return ask(timeoutMs, (settle) => {
    const socket = connectTls({ ...place, ...servername, rejectUnauthorized: false, ALPNProtocols: protocols });
    socket.on("secureConnect", () => settle({ protocol: socket.alpnProtocol || "" }));
    // An alert is TLS, too: the handshake was understood, and refused.
    socket.on("error", (error) => settle(/\balert\b/i.test(error.message) ? { protocol: "" } : undefined));
    return socket;
  });
}

/** Opens a connection and waits for `settle`; an end, an error and the time all mean undefined. */
function ask<T>(timeoutMs: number, open: (settle: (answer: T | undefined) => void) => Socket): Promise<T | undefined> {
  return new Promise((resolve) => {
    const settle = (answer: T | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(undefined), timeoutMs);
    const socket = open(settle);
    socket.on("error", () => settle(undefined));
    socket.on("close", () => settle(undefined));
  });
}
