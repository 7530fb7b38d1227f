// Explains requests that got no answer: names, connections, TLS, and ports that speak something else.
import {
  type DeliveryExplanation,
  type DeliveryFailureKind,
  explained,
  type FailureInWords,
} from "./delivery-explanation.ts";
import { explainClientCertificate, explainGrpcPort } from "./delivery-status-hints.ts";
import { showDuration } from "./delivery-words.ts";

type Words = readonly [what: string, remedy: string];
type Explain = (failure: FailureInWords) => Words;

/** The sort of a failure by the code of its error: node:net, node:dns (getaddrinfo), node:tls (OpenSSL), node:http (llhttp). */
const KIND_BY_CODE: Readonly<Record<string, DeliveryFailureKind>> = {
  ECONNREFUSED: "connection_refused",
  ENOTFOUND: "host_unknown",
  EAI_NONAME: "host_unknown",
  EAI_NODATA: "host_unknown",
  ENODATA: "host_unknown",
  EAI_AGAIN: "name_service_silent",
  EAI_FAIL: "name_service_silent",
  NO_ADDRESS: "name_service_silent",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "connection_forbidden",
  EPERM: "connection_forbidden",
  NO_CONNECTION: "never_connects",
  ETIMEDOUT: "never_connects",
  TIMEOUT: "never_answers",
  ESOCKETTIMEDOUT: "never_answers",
  ECONNRESET: "connection_closed",
  EPIPE: "connection_closed",
  ECONNABORTED: "connection_closed",
  HTTP2_ANSWER: "grpc_port",
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: "grpc_port",
  ERR_SSL_NO_APPLICATION_PROTOCOL: "grpc_port",
  TLS_ANSWER: "tls_expected",
  HTTP_ANSWER: "tls_not_spoken",
  ERR_SSL_WRONG_VERSION_NUMBER: "tls_not_spoken",
  ERR_SSL_HTTP_REQUEST: "tls_not_spoken",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "tls_not_spoken",
  ERR_SSL_UNKNOWN_PROTOCOL: "tls_not_spoken",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate_untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate_untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate_untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate_untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate_untrusted",
  CERT_UNTRUSTED: "certificate_untrusted",
  CERT_SIGNATURE_FAILURE: "certificate_untrusted",
  CERT_REVOKED: "certificate_untrusted",
  CERT_HAS_EXPIRED: "certificate_expired",
  CERT_NOT_YET_VALID: "certificate_not_yet_valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate_wrong_host",
  HOSTNAME_MISMATCH: "certificate_wrong_host",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "client_certificate_wanted",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "client_certificate_wanted",
  "ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE": "client_certificate_wanted",
  EMFILE: "no_descriptors_left",
  ENFILE: "no_descriptors_left",
};

/**
 * Alerts (RFC 8446, section 6): bad_certificate, certificate_required, no_application_protocol. During the handshake node:tls has one
 * code for all of them, EPROTO, and their number in its message.
 */
const KIND_BY_ALERT: Readonly<Record<string, DeliveryFailureKind>> = {
  "42": "client_certificate_wanted",
  "116": "client_certificate_wanted",
  "120": "grpc_port",
};

/** Of llhttp: what came does not even begin as HTTP does. With its other codes it does. */
const NO_HTTP = /^HPE_INVALID_(?:CONSTANT|VERSION|METHOD)$/;

const SEE_LOG = "see the log of the receiver or of the proxy in front of it";

const WORDS: Readonly<Partial<Record<DeliveryFailureKind, Explain>>> = {
  connection_refused: ({ origin, host, settings }) => [
    `nothing listens at ${origin}`,
    isLoopback(host)
      ? `start the Collector there, or correct ${settings.endpoint}; in a container ${host} is the container itself`
      : `start the Collector there, or correct ${settings.endpoint}`,
  ],
  host_unknown: ({ host, settings }) => [
    `the host name ${host} is unknown`,
    `correct the host in ${settings.endpoint}, or its DNS entry`,
  ],
  name_service_silent: ({ host, code, timeoutMs, settings }) => [
    `no name server says where ${host} is${code === "NO_ADDRESS" ? within(timeoutMs) : ""}`,
    `check DNS and the network of this machine, or correct the host in ${settings.endpoint}`,
  ],
  unreachable: ({ hostPort, code, settings }) => [
    `there is no way to ${hostPort} (${code})`,
    `correct the address in ${settings.endpoint}, or check routes, VPN and the network of this machine`,
  ],
  connection_forbidden: ({ hostPort, code }) => [
    `this machine forbids the connection to ${hostPort} (${code})`,
    "allow it in the firewall, sandbox or egress rules of this machine",
  ],
  never_connects: ({ hostPort, code, timeoutMs, settings }) => [
    `${hostPort} cannot be reached: no connection${code === "NO_CONNECTION" ? within(timeoutMs) : ""}`,
    `correct host and port in ${settings.endpoint}; a firewall on the way that drops packets looks like this, too`,
  ],
  never_answers: ({ hostPort, isCutOff, timeoutMs, url }) => [
    isCutOff === true
      ? `${hostPort} begins to answer and never ends${waited(timeoutMs)}`
      : `${hostPort} takes the connection and never answers${waited(timeoutMs)}`,
    hasGrpcPort(url)
      ? "use the Collector's OTLP/HTTP port, 4318 as a rule: 4317 is for gRPC"
      : "see whether the Collector is stuck or overloaded, and whether this is its OTLP/HTTP port (4318 as a rule)",
  ],
  connection_closed: ({ hostPort, code, isCutOff, url, settings }) => {
    if (isCutOff === true) return [`${hostPort} closes the connection in the middle of its answer`, SEE_LOG];
    const isTls = url.startsWith("https:");
    return [
      `${hostPort} closes the connection without an answer${code === undefined ? "" : ` (${code})`}`,
      // Its alert may be lost on a connection that is reset.
      isTls
        ? `${SEE_LOG}; one that wants a client certificate (mTLS) may look like this, too`
        : `see the receiver's log; if it wants TLS, write https:// in ${settings.endpoint}`,
    ];
  },
  not_http: ({ hostPort, settings }) => [
    `${hostPort} answers, but not in HTTP`,
    `correct the port in ${settings.endpoint}: another service has this one`,
  ],
  unreadable_answer: ({ hostPort, code }) => [
    `${hostPort} answers in HTTP that cannot be read (${code})`,
    "see the receiver, or the proxy before it: what it sends breaks the rules or the limits of HTTP",
  ],
  tls_expected: ({ hostPort, settings }) => [
    `${hostPort} speaks TLS, and the URL says http://`,
    `write https:// in ${settings.endpoint}`,
  ],
  tls_not_spoken: ({ hostPort, settings }) => [
    `${hostPort} does not speak TLS, and the URL says https://`,
    `write http:// in ${settings.endpoint}, or switch TLS on at the receiver`,
  ],
  certificate_untrusted: ({ host, code }) => [
    code === "CERT_REVOKED"
      ? `the certificate of ${host} was revoked`
      : `the certificate of ${host} is ${code === "DEPTH_ZERO_SELF_SIGNED_CERT" ? "self-signed" : "signed by nobody whom this machine trusts"}`,
    "start the service with NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or give the receiver a certificate that is trusted here",
  ],
  certificate_expired: ({ host }) => [
    `the certificate of ${host} has expired`,
    "renew it at the receiver; if it is fresh, the clock of this machine is wrong",
  ],
  certificate_not_yet_valid: ({ host }) => [
    `the certificate of ${host} is not valid yet`,
    "set the clock of this machine right, or renew the certificate at the receiver",
  ],
  certificate_wrong_host: ({ host, message, hide, settings }) => [
    `the certificate is not for ${host}${namesIn(message, hide)}`,
    `use a name that it is for in ${settings.endpoint}, or give the receiver a certificate for this one`,
  ],
  tls_failed: ({ hostPort, code, message }) => [
    `no TLS connection to ${hostPort} comes about (${code}${alertIn(message)})`,
    "compare the TLS versions, ciphers and client certificates that the receiver asks for",
  ],
  no_descriptors_left: ({ hostPort, code }) => [
    `this machine has no file descriptors left for a connection to ${hostPort} (${code})`,
    "raise the limit (ulimit -n, LimitNOFILE), and see what holds so many",
  ],
};

/** Explains a failure by its code; a code that is not known is shown as it is. */
export function explainTransport(failure: FailureInWords): DeliveryExplanation {
  const kind = kindOf(failure);
  if (kind === "client_certificate_wanted") return explainClientCertificate(failure);
  if (kind === "grpc_port") return explainGrpcPort(failure, "looks like the gRPC port, and OTLP is sent over HTTP");
  const words = WORDS[kind]?.(failure);
  if (words !== undefined) return explained(kind, ...words);
  const code = failure.code === undefined || failure.code === "" ? "" : ` (${failure.code})`;
  return explained(
    "unknown",
    `sending to ${failure.origin} fails${code}${failure.saying}`,
    `check ${failure.settings.endpoint} and the receiver's log`,
  );
}

function kindOf({ code = "", url, message }: FailureInWords): DeliveryFailureKind {
  const known = Object.hasOwn(KIND_BY_CODE, code) ? KIND_BY_CODE[code]! : undefined;
  // Who is spoken to in the wrong protocol hangs up, or answers in its own.
  if (hasGrpcPort(url) && (known === "connection_closed" || NO_HTTP.test(code))) return "grpc_port";
  if (known !== undefined) return known;
  if (code.startsWith("HPE_")) return NO_HTTP.test(code) ? "not_http" : "unreadable_answer";
  const alert = /SSL alert number (\d{1,3})\b/.exec(message)?.[1];
  if (alert !== undefined) return KIND_BY_ALERT[alert] ?? "tls_failed";
  if (code === "EPROTO" && /wrong version number|packet length too long|unknown protocol/i.test(message))
    return "tls_not_spoken";
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || code === "EPROTO") return "tls_failed";
  return "unknown";
}

/** Port 4317 is the one that OTLP has for gRPC (IANA, and the OTLP specification). */
function hasGrpcPort(url: string): boolean {
  return URL.canParse(url) && new URL(url).port === "4317";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}

function within(timeoutMs: number | undefined): string {
  return timeoutMs === undefined ? "" : ` within ${showDuration(timeoutMs)}`;
}

function waited(timeoutMs: number | undefined): string {
  return timeoutMs === undefined ? "" : ` (waited ${showDuration(timeoutMs)})`;
}

/** `, alert protocol version`, from what OpenSSL says. */
function alertIn(message: string): string {
  const name = /\balert ([a-z ]{3,40}):/.exec(message)?.[1];
  return name === undefined ? "" : `, alert ${name}`;
}

/** ` but for collector.internal`, from what node:tls says. */
function namesIn(message: string, hide: FailureInWords["hide"]): string {
  const names = /is not in the cert's (?:altnames|list): (.{1,256})$/
    .exec(message)?.[1]
    ?.replaceAll(/DNS:|IP Address:/g, "");
  return names === undefined ? "" : `, but for ${hide(names, 120)}`;
}
