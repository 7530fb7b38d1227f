// Destinations with TLS: certificates, versions, gRPC, and ports that answer in plain text as well.
import { connect } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { describe, expect, it } from "vitest";
import { makeCertificate, type TestCertificate } from "../../test/certificate.ts";
import { check, sentence } from "../../test/destinations.ts";
import { startReceiver, startTcp, startTls } from "../../test/receivers.ts";

const trustIn = ({ cert }: TestCertificate) => ({ trust: { rejectUnauthorized: true, ca: [cert] } });

describe("a gRPC port with TLS", () => {
  it("is recognised when it refuses HTTP/1.1 in the handshake", async () => {
    const certificate = makeCertificate();
    const { port } = await startTls({ ...certificate, ALPNProtocols: ["h2"] });
    expect((await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate))).outcome).toBe("grpc_port");
  });

  it("is recognised when it hangs up after the handshake, as Go's does", async () => {
    const certificate = makeCertificate();
    const { port } = await startTls({ ...certificate, ALPNProtocols: ["h2"] }, "once without");
    expect((await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate))).outcome).toBe("grpc_port");
  });

  it("is told from a web server that has hung up for another reason", async () => {
    const certificate = makeCertificate();
    const { port } = await startTls({ ...certificate, ALPNProtocols: ["h2", "http/1.1"] });
    const result = await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate));
    expect(result.outcome).toBe("connection_closed");
  });
});

describe("a destination with TLS", () => {
  it("is accepted when its certificate is trusted", async () => {
    const certificate = makeCertificate();
    const { url } = await startReceiver({}, certificate);
    const trust = { rejectUnauthorized: true, ca: [certificate.cert] };
    expect((await check(`${url}/v1/traces`, {}, { trust })).outcome).toBe("accepted");
  });

  it("is accepted with any certificate when the environment wants it so", async () => {
    const { url } = await startReceiver({}, makeCertificate());
    const trust = { rejectUnauthorized: false, ca: undefined };
    expect((await check(`${url}/v1/traces`, {}, { trust })).outcome).toBe("accepted");
  });

  it.each([
    ["self-signed", {}, false, "certificate_untrusted", /is self-signed -> .*NODE_EXTRA_CA_CERTS/],
    ["expired", { validFromDays: -9, validToDays: -2 }, true, "certificate_expired", /has expired/],
    ["not valid yet", { validFromDays: 2 }, true, "certificate_not_yet_valid", /not valid yet -> set the clock/],
    [
      "for another name",
      { names: ["otel.example", "10.1.2.3"] },
      true,
      "certificate_wrong_host",
      /not for localhost, but for otel\.example, 10\.1\.2\.3 ->/,
    ],
  ])("is refused when the certificate is %s", async (_, options, isTrusted, outcome, words) => {
    const certificate = makeCertificate(options);
    const { port } = await startReceiver({}, certificate);
    const trust = { rejectUnauthorized: true, ca: isTrusted ? [certificate.cert] : undefined };
    const result = await check(`https://localhost:${port}/v1/traces`, {}, { trust });
    expect(result.outcome).toBe(outcome);
    expect(sentence(result)).toMatch(words);
  });

  it("wants a client certificate", async () => {
    const certificate = makeCertificate();
    const { url } = await startReceiver({}, { ...certificate, requestCert: true, rejectUnauthorized: true });
    const trust = { rejectUnauthorized: true, ca: [certificate.cert] };
    const result = await check(`${url}/v1/traces`, {}, { trust });
    expect(result.outcome).toBe("client_certificate_wanted");
    expect(sentence(result)).toContain("mTLS");
  });

  it("speaks TLS while the URL says http://", async () => {
    const { port, received } = await startReceiver({}, makeCertificate());
    const result = await check(`http://127.0.0.1:${port}/v1/traces`);
    expect(result.outcome).toBe("tls_expected");
    expect(sentence(result)).toContain("write https:// in TELEMETRY_OTLP_ENDPOINT");
    expect(received).toEqual([]);
  });

  it("does not speak TLS while the URL says https://", async () => {
    const { port } = await startReceiver();
    const result = await check(`https://127.0.0.1:${port}/v1/traces`);
    expect(result.outcome).toBe("tls_not_spoken");
    expect(sentence(result)).toContain("write http:// in TELEMETRY_OTLP_ENDPOINT");
  });
});

describe("a port with TLS that answers those who speak without it in plain HTTP, as Go's and nginx's do", () => {
  const GO = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
  const NGINX =
    "HTTP/1.1 400 Bad Request\r\nserver: nginx\r\n\r\n<html><title>400 The plain HTTP request was sent to HTTPS port";
  const TERSE = "HTTP/1.1 400 Bad Request\r\n\r\n";

  /** Whoever begins with a handshake gets TLS; all others get the answer. */
  async function startFront(options: TlsOptions, answer: string) {
    const server = createTlsServer(options, (socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    });
    server.on("tlsClientError", () => {});
    return startTcp((socket) =>
      socket.once("data", (first) => {
        if (first[0] !== 0x16) return socket.end(answer);
        socket.pause();
        socket.unshift(first);
        server.emit("connection", socket);
      }),
    );
  }

  it.each([
    ["Go", "TLSv1.3", GO, /^client_certificate_wanted$/],
    ["Go", "TLSv1.2", GO, /^(?:client_certificate_wanted|tls_failed)$/],
    ["nginx", "TLSv1.2", NGINX, /^(?:client_certificate_wanted|tls_failed)$/],
    ["a terse one", "TLSv1.2", TERSE, /^(?:client_certificate_wanted|tls_failed)$/],
  ] as const)(
    "is not told to be without TLS when it wants a client certificate: %s, %s",
    async (_, version, answer, outcomes) => {
      const certificate = makeCertificate();
      const mutual = { requestCert: true, rejectUnauthorized: true, maxVersion: version };
      const { port } = await startFront({ ...certificate, ...mutual }, answer);
      const result = await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate));
      expect(result.outcome).toMatch(outcomes);
      expect(sentence(result)).not.toContain("http://");
    },
  );

  it("is not told to be without TLS when there is no common version", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    const { port } = await startFront({ ...makeCertificate(), ...old }, GO);
    const result = await check(`https://127.0.0.1:${port}/v1/traces`);
    expect(result.outcome).toBe("tls_failed");
    expect(sentence(result)).toContain("alert protocol version");
  });

  it.each([
    ["Go", GO],
    ["a terse one", TERSE],
  ])("is not told to be without TLS when it hangs up after the handshake: %s", async (_, answer) => {
    const certificate = makeCertificate();
    const { port } = await startFrontThatHangsUp(certificate, answer);
    const result = await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate));
    expect(result.outcome).toBe("connection_closed");
  });

  async function startFrontThatHangsUp(certificate: TestCertificate, answer: string) {
    const { port } = await startTls(certificate);
    return startTcp((socket) =>
      socket.once("data", (first) => {
        if (first[0] !== 0x16) return socket.end(answer);
        const onward = connect(port, "127.0.0.1");
        for (const one of [socket, onward]) one.on("error", () => {});
        onward.write(first);
        socket.pipe(onward).pipe(socket);
        socket.on("close", () => onward.destroy());
      }),
    );
  }

  it("is told to want https:// when the URL says http://", async () => {
    for (const answer of [GO, NGINX]) {
      const { url } = await startFront(makeCertificate(), answer);
      expect((await check(`${url}/v1/traces`)).outcome).toBe("tls_expected");
    }
  });
});
