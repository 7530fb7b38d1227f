// Explains answers by their words: servers that use a general status for something particular, and say so.
import { type DeliveryExplanation, explained, type FailureInWords } from "./delivery-explanation.ts";

/** Ports with TLS that were spoken to without: Go, nginx, Apache, Tomcat. */
const TLS_WANTED =
  /to an? (?:https|tls|ssl)[- ]?(?:enabled )?(?:server|port)|plain http request|this combination of host and port requires tls/i;
/** nginx, which answers its own statuses 496 and 495 with 400. */
const CLIENT_CERTIFICATE_WANTED = /no required ssl certificate was sent|the ssl certificate error/i;
const GRPC_WANTED = /\bgrpc\b|http\/?2 (?:client )?preface|expected `?h2`?/i;
const NO_COMPRESSION = /content.?encoding|gzip|compress/i;
/** Of the body and its format; that something else in the request (a tenant, a date) cannot be parsed is another matter. */
const OTHER_FORMAT = [
  /content.?type|media type|protobuf|\bproto:|unmarshal|wire.?(?:format|type)/i,
  /(?:invalid|malformed|bad|expect(?:s|ed)?|only|supports?|not(?: valid)?) json\b|\bjson (?:body|payload|only|expected)\b/i,
  /\b(?:decod|pars)(?:e|ing) (?:the )?(?:(?:request|otlp|json|export) )?(?:body|payload|request|json|message)\b/i,
  /invalid character .{1,9} looking for beginning of|unexpected token .{1,60} json/i,
];

/** What the words of an answer say beyond its status; undefined when that is nothing. */
export function explainByWords(failure: FailureInWords): DeliveryExplanation | undefined {
  const { status = 0, message, hostPort, isMarkup, settings } = failure;
  if (status !== 400 && status !== 415 && status !== 422 && status !== 403) return undefined;
  if (TLS_WANTED.test(message)) {
    return explained(
      "tls_expected",
      `${hostPort} speaks TLS, and the URL says http://`,
      `write https:// in ${settings.endpoint}`,
    );
  }
  if (CLIENT_CERTIFICATE_WANTED.test(message)) return explainClientCertificate(failure);
  if (isMarkup) return undefined;
  if (GRPC_WANTED.test(message)) {
    return explainGrpcPort(failure, "looks like the gRPC port, and OTLP is sent over HTTP");
  }
  if (NO_COMPRESSION.test(message)) return explainCompression(failure);
  const isAboutFormat = status !== 403 && OTHER_FORMAT.some((words) => words.test(message));
  return isAboutFormat ? explainProtocol(failure) : undefined;
}

/** A receiver that wants to be shown a certificate, told by TLS itself or by an answer. */
export function explainClientCertificate({ host }: Pick<FailureInWords, "host">): DeliveryExplanation {
  return explained(
    "client_certificate_wanted",
    `${host} wants a client certificate (mTLS)`,
    "Tracebook sends none: send to a Collector or proxy beside the service, and let that one bring the certificate",
  );
}

/** Port 4318 is the one that OTLP has for HTTP (IANA, and the OTLP specification). */
export function explainGrpcPort(
  { hostPort, host, url, path, settings }: FailureInWords,
  what: string,
): DeliveryExplanation {
  const scheme = url.startsWith("https:") ? "https" : "http";
  // A setting for one signal has the whole URL, that for all signals the base.
  const isOfOneSignal = /_(?:TRACES|METRICS|LOGS)_ENDPOINT$|^otlp(?:Traces|Metrics|Logs)Endpoint$/.test(
    settings.endpoint,
  );
  return explained(
    "grpc_port",
    `${hostPort} ${what}`,
    `use the OTLP/HTTP port, 4318 as a rule: ${settings.endpoint}=${scheme}://${host}:4318${isOfOneSignal ? path : ""}`,
  );
}

/** A receiver that wants the other format. */
export function explainProtocol({ place, status, protocol, saying, settings }: FailureInWords): DeliveryExplanation {
  const other = protocol === "http/json" ? "http/protobuf" : "http/json";
  return explained(
    "wrong_protocol",
    `${place} does not take ${protocol} (${status})${saying}`,
    `try the other protocol: ${settings.protocol}=${other}`,
  );
}

function explainCompression({ place, status, saying, settings }: FailureInWords): DeliveryExplanation {
  return explained(
    "wrong_compression",
    `${place} does not take compressed bodies (${status})${saying}`,
    `send them as they are: ${settings.compression}=none`,
  );
}
