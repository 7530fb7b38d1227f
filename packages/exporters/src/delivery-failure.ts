// Why a request was not delivered, and what to do about it, in plain language: one line for a person who has to mend it.
import type { DeliveryExplanation, DeliveryFailure, FailureInWords } from "./delivery-explanation.ts";
import { explainStatus } from "./delivery-status.ts";
import { explainTransport } from "./delivery-transport.ts";
import { createHider, secretsOfUrl, showUrl, toShortLine } from "./delivery-words.ts";

export type {
  DeliveryExplanation,
  DeliveryFailure,
  DeliveryFailureKind,
  DeliverySettings,
} from "./delivery-explanation.ts";

const QUOTED_UNITS = 160;

/**
 * Explains a failure. Pure; never throws, whatever it is given. Cost: microseconds, more for long messages.
 *
 * @example
 * const { what, remedy } = explainDeliveryFailure({ url, protocol: "http/protobuf", code: "ECONNREFUSED" });
 * // nothing listens at http://127.0.0.1:4318 | start the Collector there, or correct TELEMETRY_OTLP_ENDPOINT
 */
export function explainDeliveryFailure(failure: DeliveryFailure): DeliveryExplanation {
  const words = toWords(failure);
  const { status } = failure;
  const found = typeof status === "number" && status > 0 ? explainStatus(words) : explainTransport(words);
  return Object.freeze({ kind: found.kind, what: toShortLine(found.what), remedy: toShortLine(found.remedy) });
}

function toWords(failure: DeliveryFailure): FailureInWords {
  const url = typeof failure.url === "string" ? failure.url : "";
  const hide = createHider([...(failure.secrets ?? []), ...secretsOfUrl(url)]);
  const { settings = {} } = failure;
  const message = typeof failure.message === "string" ? failure.message : "";
  const contentType = typeof failure.contentType === "string" ? failure.contentType.slice(0, 256) : "";
  const isMarkup = /html/i.test(contentType) || /^\s*</.test(message);
  const quoted = isMarkup ? "" : hide(message, QUOTED_UNITS);
  return {
    ...failure,
    url,
    ...showUrl(url, hide),
    // OpenSSL has a slash in some of its names: ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE.
    code: typeof failure.code === "string" && /^[A-Z0-9_/]{1,64}$/.test(failure.code) ? failure.code : undefined,
    settings: {
      endpoint: settings.endpoint ?? "TELEMETRY_OTLP_ENDPOINT",
      headers: settings.headers ?? "TELEMETRY_OTLP_HEADERS",
      protocol: settings.protocol ?? "OTEL_EXPORTER_OTLP_PROTOCOL",
      compression: settings.compression ?? "OTEL_EXPORTER_OTLP_COMPRESSION",
    },
    saying: quoted === "" ? "" : `: "${quoted}"`,
    message: message.slice(0, 4_096),
    contentType,
    isMarkup,
    items: typeof failure.items === "string" ? failure.items : "items",
    hide,
  };
}
