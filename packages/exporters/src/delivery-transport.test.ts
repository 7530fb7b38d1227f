// Requests without an answer: alerts of TLS, answers that are HTTP and cannot be read, and what was waited for.
import { describe, expect, it } from "vitest";
import { type DeliveryFailure, type DeliveryFailureKind, explainDeliveryFailure } from "./delivery-failure.ts";

function explain(failure: Partial<DeliveryFailure>) {
  return explainDeliveryFailure({ url: "https://collector:4318/v1/traces", protocol: "http/protobuf", ...failure });
}

/** An alert during the handshake, as node:tls tells it. */
const alert = (number: number, name: string) =>
  `write EPROTO 402DA487087F0000:error:0A000410:SSL routines:ssl3_read_bytes:${name}:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number ${number}\n`;

describe("an alert of TLS", () => {
  it.each<[number, string, DeliveryFailureKind]>([
    [42, "ssl/tls alert bad certificate", "client_certificate_wanted"],
    [116, "tlsv13 alert certificate required", "client_certificate_wanted"],
    [120, "tlsv1 alert no application protocol", "grpc_port"],
    [40, "ssl/tls alert handshake failure", "tls_failed"],
    [70, "tlsv1 alert protocol version", "tls_failed"],
    [112, "tlsv1 unrecognized name", "tls_failed"],
  ])("number %d (%s) is known in the message of an EPROTO", (number, name, kind) => {
    expect(explain({ code: "EPROTO", message: alert(number, name) }).kind).toBe(kind);
  });

  it("is named where it is all that is known", () => {
    const { what } = explain({ code: "EPROTO", message: alert(70, "tlsv1 alert protocol version") });
    expect(what).toBe("no TLS connection to collector:4318 comes about (EPROTO, alert protocol version)");
  });

  it("is known by a code with a slash, as OpenSSL 3.2 and later have it", () => {
    expect(explain({ code: "ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE" }).kind).toBe("client_certificate_wanted");
    expect(explain({ code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE" }).kind).toBe("tls_failed");
  });
});

describe("an answer that the HTTP parser refuses", () => {
  it.each(["HPE_INVALID_CONSTANT", "HPE_INVALID_VERSION", "HPE_INVALID_METHOD"])("is no HTTP with %s", (code) => {
    expect(explain({ code }).kind).toBe("not_http");
    expect(explain({ code, url: "http://collector:4317/v1/traces" }).kind).toBe("grpc_port");
  });

  it.each([
    "HPE_HEADER_OVERFLOW",
    "HPE_INVALID_HEADER_TOKEN",
    "HPE_INVALID_CONTENT_LENGTH",
    "HPE_UNEXPECTED_CONTENT_LENGTH",
    "HPE_INVALID_TRANSFER_ENCODING",
    "HPE_INVALID_STATUS",
    "HPE_INVALID_CHUNK_SIZE",
  ])("is HTTP that cannot be read with %s", (code) => {
    for (const url of ["http://collector:4318/v1/traces", "http://collector:4317/v1/traces"]) {
      const { kind, what, remedy } = explain({ code, url });
      expect(kind).toBe("unreadable_answer");
      expect(what).toContain(`answers in HTTP that cannot be read (${code})`);
      expect(remedy).toMatch(/^see the receiver, or the proxy before it/);
    }
  });
});

describe("what was waited for", () => {
  it("is told of a name only when that was waited for", () => {
    const what = (code: string) => explain({ code, timeoutMs: 5_000 }).what;
    expect(what("NO_ADDRESS")).toBe("no name server says where collector is within 5 s");
    expect(what("EAI_AGAIN")).toBe("no name server says where collector is");
    expect(what("NO_CONNECTION")).toBe("collector:4318 cannot be reached: no connection within 5 s");
    // The system gives up by a clock of its own.
    expect(what("ETIMEDOUT")).toBe("collector:4318 cannot be reached: no connection");
  });

  it("may be due to a wrong name, too, and the remedy says where that is set", () => {
    const settings = { endpoint: "OTEL_EXPORTER_OTLP_ENDPOINT" };
    for (const code of ["EAI_AGAIN", "NO_ADDRESS"])
      expect(explain({ code, settings }).remedy).toBe(
        "check DNS and the network of this machine, or correct the host in OTEL_EXPORTER_OTLP_ENDPOINT",
      );
  });

  it("may be the rest of an answer", () => {
    expect(explain({ code: "TIMEOUT", timeoutMs: 5_000, isCutOff: true }).what).toBe(
      "collector:4318 begins to answer and never ends (waited 5 s)",
    );
    const { kind, what } = explain({ code: "ECONNRESET", message: "the answer was cut off", isCutOff: true });
    expect([kind, what]).toEqual([
      "connection_closed",
      "collector:4318 closes the connection in the middle of its answer",
    ]);
  });
});
