// Email: one letter over SMTP (RFC 5321) for all addresses of a channel.
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import { createTransport, type SentMessageInfo } from "nodemailer";
import type { Channel, ChannelAnswer } from "./channel.ts";
import { cleanMessage } from "./clean-message.ts";
import { isEmailAddress } from "./email-address.ts";
import { toEmailText } from "./email-text.ts";
import { AlertChannelError } from "./errors.ts";
import { createSecretHider, type SecretHider } from "./hidden-secrets.ts";
import type { NotificationMessage } from "./notification-message.ts";
import { toSmtpOutcome } from "./smtp-outcome.ts";

/** Settings of an email channel. The server may be in the house: SMTP relays usually are. */
export interface EmailChannelOptions {
  /** As routes name it. */
  readonly name: string;
  readonly host: string;
  /** 1 to 65535. Default 465 for `implicit`, otherwise 587. */
  readonly port?: number | undefined;
  /** `starttls` (default): refused by us when the server cannot; `implicit`: from the first byte; `none`: in clear text, without a password. */
  readonly tls?: "starttls" | "implicit" | "none" | undefined;
  readonly user?: string | undefined;
  /** Secret. */
  readonly password?: string | undefined;
  readonly from: string;
  /** 1 to 50 addresses. */
  readonly to: readonly string[];
  /** For all of it: 100 to 120,000, default 20,000. */
  readonly timeoutMs?: number | undefined;
  /** Certificate authorities (PEM) besides those of Node.js. */
  readonly caCertificate?: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_RECIPIENTS = 50;

/** Makes an email channel. Throws an {@link AlertChannelError} for settings that cannot work. */
export function createEmailChannel(options: EmailChannelOptions): Channel {
  const { name, host, from, tls = "starttls", user, password } = options;
  const port = options.port ?? (tls === "implicit" ? 465 : 587);
  checkOptions(options);
  const words = createSecretHider([password, toPlainAuth(user, password)]);
  return {
    name,
    kind: "email",
    destination: `${options.to.join(", ")} by ${host}:${port}`,
    deduplication: "none",
    takesDigests: true,
    async send(message, signal, target) {
      const to = target?.to ?? options.to;
      const wrong = to.find((address) => !isEmailAddress(address));
      if (to.length === 0 || to.length > MAX_RECIPIENTS || wrong !== undefined)
        return { kind: "refused", words: words(`no letter goes to ${JSON.stringify(wrong ?? to.length)}: see "to"`) };
      return deliver({ ...options, tls, port }, toLetter(message, from, to), words, signal);
    },
  };
}

function checkOptions({ name, from, to, tls, password, timeoutMs = DEFAULT_TIMEOUT_MS }: EmailChannelOptions): void {
  const refuse = (problem: string) => new AlertChannelError("invalid_channel", `Email channel "${name}" ${problem}.`);
  const wrong = [from, ...to].find((address) => !isEmailAddress(address));
  if (wrong !== undefined) throw refuse(`has ${JSON.stringify(wrong)}, which is no plain address like ops@example.com`);
  if (to.length < 1 || to.length > MAX_RECIPIENTS)
    throw refuse(`has ${to.length} addresses in "to"; 1 to 50 it can be`);
  if (tls === "none" && password !== undefined)
    throw refuse('would send its password in clear text: set tls to "starttls" or "implicit"');
  if (!(timeoutMs >= 100 && timeoutMs <= 120_000))
    throw refuse(`has a timeoutMs of ${timeoutMs}; it can be 100 to 120000`);
}

/** The same key makes the same Message-ID: many servers keep one of two such letters, and all letters of an alert are one thread. */
function toLetter(message: NotificationMessage, from: string, to: readonly string[]) {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const idOf = (text: string) => `<${createHash("sha256").update(text).digest("hex").slice(0, 40)}@${domain}>`;
  return {
    ...toEmailText(cleanMessage(message)),
    from,
    to: [...to],
    messageId: idOf(message.idempotencyKey),
    references: idOf(`alert ${message.alertId}`),
    // RFC 3834: no out-of-office answers.
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

type ConnectionOptions = EmailChannelOptions & {
  readonly tls: "starttls" | "implicit" | "none";
  readonly port: number;
};

/** Sends one letter over one connection, which is gone when this ends, whatever the server does. */
async function deliver(
  options: ConnectionOptions,
  letter: ReturnType<typeof toLetter>,
  words: SecretHider,
  signal: AbortSignal,
): Promise<ChannelAnswer> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([signal, timeout]);
  const connection = openConnection(options, ended);
  const transport = createTransport(transportOptions(options, connection, timeoutMs));
  try {
    const info: SentMessageInfo = await transport.sendMail(letter);
    const refused = (info.rejected ?? []).map(String);
    const except = refused.length === 0 ? "" : `; refused: ${refused.join(", ")}`;
    return { kind: "delivered", words: words(`${String(info.response)}${except}`) };
  } catch (error) {
    const given = timeout.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error;
    return toSmtpOutcome(given, words, connection.hasSentLetter());
  } finally {
    connection.close();
    transport.close();
  }
}

function transportOptions(options: ConnectionOptions, connection: Connection, timeoutMs: number) {
  const { host, port, tls, user, password, caCertificate } = options;
  return {
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    tls: { servername: host, ...(caCertificate === undefined ? {} : { ca: caCertificate }) },
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    getSocket: connection.getSocket,
    logger: connection.logger,
  };
}

interface Connection {
  readonly getSocket: (options: object, callback: (error: Error | null, socket: object) => void) => void;
  /** The library tells its log when the whole letter has been handed over, and nobody else. */
  readonly logger: SmtpLogger;
  readonly hasSentLetter: () => boolean;
  readonly close: () => void;
}

type SmtpLogger = Record<"level" | "trace" | "debug" | "info" | "warn" | "error" | "fatal", (entry: unknown) => void>;

/** The library's own connection cannot be ended from outside; this one can. */
function openConnection({ host, port }: ConnectionOptions, ended: AbortSignal): Connection {
  let socket: Socket | undefined;
  let hasLeft = false;
  const close = () => void socket?.destroy();
  const ignore = () => undefined;
  const info = (entry: unknown) => {
    hasLeft ||= (entry as { tnx?: unknown } | undefined)?.tnx === "message";
  };
  ended.addEventListener("abort", close, { once: true });
  return {
    getSocket(_options, callback) {
      if (ended.aborted) return callback(new Error("ended before it was connected"), {});
      socket = connectOnce(host, port, callback);
    },
    logger: { level: ignore, trace: ignore, debug: ignore, info, warn: ignore, error: ignore, fatal: ignore },
    hasSentLetter: () => hasLeft,
    close() {
      ended.removeEventListener("abort", close);
      close();
    },
  };
}

/** Connects, and calls back once: connected, failed, or ended before it was either. */
function connectOnce(host: string, port: number, callback: (error: Error | null, socket: object) => void): Socket {
  const socket = connect({ host, port });
  const onError = (error: Error) => settle(error);
  const onClose = () => settle(new Error("the connection was ended"));
  const onConnect = () => settle(null);
  const settle = (error: Error | null) => {
    socket.off("error", onError).off("close", onClose).off("connect", onConnect);
    callback(error, error === null ? { connection: socket } : {});
  };
  return socket.on("error", onError).on("close", onClose).on("connect", onConnect);
}

/** What AUTH PLAIN sends, which servers may repeat. */
function toPlainAuth(user: string | undefined, password: string | undefined): string | undefined {
  return user === undefined || password === undefined ? undefined : `\u0000${user}\u0000${password}`;
}
