// Email against a real SMTP server: TLS, credentials, refusals, silence.
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../../../cli/test/certificate.ts";
import { firing, hostileMessages } from "../../test/notification-messages.ts";
import { createEmailChannel, type EmailChannelOptions } from "./email-channel.ts";
import type { NotificationMessage } from "./notification-message.ts";

interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  readonly isSecure: boolean;
  readonly text: string;
}

const certificate = makeCertificate();
const PASSWORD = "smtp-hunter22-secret";
const never = new AbortController().signal;
const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    // It waits for its connections to end, which tests of silence leave open.
    for (const connection of (server as unknown as { connections: Set<{ close(): void }> }).connections)
      connection.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

async function startServer(options: SMTPServerOptions = {}): Promise<{ port: number; letters: Letter[] }> {
  const letters: Letter[] = [];
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _session, callback) => {
      if (username === "ops" && password === PASSWORD) callback(null, { user: username });
      else callback(Object.assign(new Error(`Invalid password ${password}`), { responseCode: 535 }));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        letters.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isSecure: session.secure,
          text: Buffer.concat(chunks).toString("utf8"),
        });
        callback(null, "2.0.0 queued as 1");
      });
    },
    ...options,
  });
  servers.push(server);
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.server.address() as AddressInfo).port, letters };
}

const channelTo = (port: number, options: Partial<EmailChannelOptions> = {}) =>
  createEmailChannel({
    name: "email",
    host: "localhost",
    port,
    from: "alerts@company.com",
    to: ["ops-team@company.com"],
    caCertificate: certificate.cert,
    timeoutMs: 10_000,
    ...options,
  });

/** Header fields by name in lower case, unfolded. */
function headersOf(letter: string): Record<string, string> {
  const head = letter.slice(0, letter.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  return Object.fromEntries(
    head
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
}

describe("email", () => {
  it("arrives over STARTTLS with credentials, as text and HTML", async () => {
    const { port, letters } = await startServer();
    const answer = await channelTo(port, { user: "ops", password: PASSWORD }).send(firing, never);
    expect(answer).toEqual({ kind: "delivered", words: "250 2.0.0 queued as 1" });
    const [letter] = letters;
    expect(letter).toMatchObject({ from: "alerts@company.com", to: ["ops-team@company.com"], isSecure: true });
    expect(headersOf(letter!.text)).toMatchObject({
      subject: "[CRITICAL] FIRING: High CPU Usage",
      "auto-submitted": "auto-generated",
      "message-id": expect.stringMatching(/^<[0-9a-f]{40}@company\.com>$/),
    });
    expect(letter!.text).toContain("Content-Type: text/plain");
    expect(letter!.text).toContain("Content-Type: text/html");
    expect(letter!.text).toContain("Value: 95 %");
  });

  it("goes to a rule's own addresses when it has some", async () => {
    const { port, letters } = await startServer();
    await channelTo(port).send(firing, never, { to: ["fx@company.com", "risk@company.com"] });
    expect(letters[0]!.to).toEqual(["fx@company.com", "risk@company.com"]);
  });

  it("has the same Message-ID when it is sent again, another one for another change, and one thread for both", async () => {
    const { port, letters } = await startServer();
    const channel = channelTo(port);
    await channel.send(firing, never);
    await channel.send({ ...firing, mayRepeat: true }, never);
    await channel.send({ ...firing, change: "resolved", idempotencyKey: "alert-1:resolved" }, never);
    const [first, again, resolved] = letters.map(({ text }) => headersOf(text));
    expect(again!["message-id"]).toBe(first!["message-id"]);
    expect(resolved!["message-id"]).not.toBe(first!["message-id"]);
    expect(resolved!["references"]).toBe(first!["references"]);
    expect(letters[1]!.text).toContain("may have been sent before");
  });

  it("works with TLS from the first byte", async () => {
    const { port, letters } = await startServer({ secure: true });
    expect((await channelTo(port, { tls: "implicit" }).send(firing, never)).kind).toBe("delivered");
    expect(letters[0]!.isSecure).toBe(true);
  });

  it("is not sent in clear text when the server has no STARTTLS", async () => {
    const { port, letters } = await startServer({ disabledCommands: ["STARTTLS"] });
    expect((await channelTo(port).send(firing, never)).kind).toBe("refused");
    expect(letters).toHaveLength(0);
    expect((await channelTo(port, { tls: "none" }).send(firing, never)).kind).toBe("delivered");
  });

  it("is not sent to a server with a certificate of somebody else", async () => {
    const { port, letters } = await startServer();
    const answer = await channelTo(port, { caCertificate: makeCertificate().cert }).send(firing, never);
    expect(answer).toMatchObject({ kind: "retry", words: expect.stringMatching(/certificate/) });
    expect(letters).toHaveLength(0);
  });

  it("is refused with wrong credentials, and the password is not shown", async () => {
    const { port } = await startServer();
    const answer = await channelTo(port, { user: "ops", password: `${PASSWORD}!` }).send(firing, never);
    expect(answer).toMatchObject({ kind: "refused", words: expect.stringContaining("Invalid") });
    expect(answer.words).not.toContain(PASSWORD);
  });

  it.each([
    [450, "retry"],
    [452, "retry"],
    [550, "refused"],
    [554, "refused"],
  ])("with the answer %i to the recipient means %s", async (responseCode, kind) => {
    const onRcptTo: SMTPServerOptions["onRcptTo"] = (_address, _session, callback) =>
      callback(Object.assign(new Error("no such box"), { responseCode }));
    const { port } = await startServer({ onRcptTo });
    expect(await channelTo(port).send(firing, never)).toMatchObject({
      kind,
      words: expect.stringContaining("no such box"),
    });
  });

  it("counts as delivered when some of the addresses are refused, and says which", async () => {
    const onRcptTo: SMTPServerOptions["onRcptTo"] = ({ address }, _session, callback) =>
      callback(address.startsWith("gone") ? Object.assign(new Error("gone"), { responseCode: 550 }) : null);
    const { port, letters } = await startServer({ onRcptTo });
    const answer = await channelTo(port, { to: ["ops@company.com", "gone@company.com"] }).send(firing, never);
    expect(answer).toMatchObject({ kind: "delivered", words: expect.stringContaining("refused: gone@company.com") });
    expect(letters[0]!.to).toEqual(["ops@company.com"]);
  });

  it("gives up on a server that says nothing", async () => {
    const { port } = await startServer({ onConnect: () => undefined });
    const answer = await channelTo(port, { timeoutMs: 150 }).send(firing, never);
    expect(answer).toEqual({ kind: "retry", words: "no answer within 150 ms", mayHaveArrived: undefined });
  });

  it("may have arrived when the server falls silent after the letter", async () => {
    let hasLetter = false;
    const ending = new AbortController();
    const onData: SMTPServerOptions["onData"] = (stream) => {
      stream.resume().on("end", () => {
        hasLetter = true;
        ending.abort();
      });
    };
    const { port } = await startServer({ onData });
    expect(await channelTo(port).send(firing, ending.signal)).toMatchObject({ kind: "retry", mayHaveArrived: true });
    expect(hasLetter).toBe(true);
  });

  it("is tried again when nobody listens", async () => {
    const { port } = await startServer();
    await new Promise<void>((resolve) => servers.pop()!.close(() => resolve()));
    expect(await channelTo(port).send(firing, never)).toMatchObject({ kind: "retry", mayHaveArrived: undefined });
  });

  it.each([
    [{ to: [] }, "0 addresses"],
    [{ to: ["ops@company.com\r\nBcc: all@company.com"] }, "no plain address"],
    [{ to: ["<ops@company.com>, all@company.com"] }, "no plain address"],
    [{ from: "Alerts <alerts@company.com>" }, "no plain address"],
    [{ tls: "none", password: PASSWORD }, "in clear text"],
  ] as const)("is not made of settings that cannot work: %j", (options, problem) => {
    expect(() => channelTo(587, options)).toThrow(problem);
  });

  it("stays one letter, to its addresses only, whatever the message says", async () => {
    const { port, letters } = await startServer();
    const channel = channelTo(port, { tls: "none" });
    await fc.assert(
      fc.asyncProperty(hostileMessages, async (message: NotificationMessage) => {
        letters.length = 0;
        expect((await channel.send(message, never)).kind).toBe("delivered");
        expect(letters).toHaveLength(1);
        const [{ to, text }] = letters as [Letter];
        expect(to).toEqual(["ops-team@company.com"]);
        const names = Object.keys(headersOf(text));
        expect(names.toSorted()).toEqual(HEADER_NAMES);
        expect(text.length).toBeLessThan(200_000);
        expect(decodedHtml(text)).not.toMatch(/<(?!\/?(?:h3|p|ul|li|table|tr|th|td|a|em)[ >])/);
      }),
      { numRuns: 40 },
    );
  });
});

const HEADER_NAMES = [
  "auto-submitted",
  "content-type",
  "date",
  "from",
  "message-id",
  "mime-version",
  "references",
  "subject",
  "to",
];

/** The HTML part, out of quoted-printable, base64 or as it is. */
function decodedHtml(letter: string): string {
  const part = letter.slice(letter.indexOf("Content-Type: text/html"));
  const body = part.slice(part.indexOf("\r\n\r\n") + 4, part.lastIndexOf("\r\n--"));
  if (/transfer-encoding: base64/i.test(part)) return Buffer.from(body, "base64").toString("utf8");
  if (!/transfer-encoding: quoted-printable/i.test(part)) return body;
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
