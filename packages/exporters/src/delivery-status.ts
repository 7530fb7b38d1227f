// Explains answers: what a status means for who sends OTLP, and answers that are none.
import { type DeliveryExplanation, explained, type FailureInWords } from "./delivery-explanation.ts";
import { explainByWords, explainGrpcPort, explainProtocol } from "./delivery-status-hints.ts";
import { showDuration, showUrl } from "./delivery-words.ts";

/** Explains an answer by its status and, where the status says too little, by its words. */
export function explainStatus(failure: FailureInWords): DeliveryExplanation {
  const status = failure.status ?? 0;
  if (status >= 200 && status < 300) return explainTaken(failure);
  if (status >= 300 && status < 400) return explainRedirect(failure);
  const told = explainByWords(failure) ?? EXPLAIN[status]?.(failure);
  if (told !== undefined) return told;
  const { place, saying } = failure;
  if (status >= 500)
    return explained("server_error", `${place} fails on its side (${status})${saying}`, "see the receiver's log");
  return explained(
    "unexpected_status",
    `${place} answers ${status}, which OTLP has no use for${saying}`,
    `see the receiver's log, and check that ${failure.settings.endpoint} is the address of an OTLP receiver`,
  );
}

function explainTaken(failure: FailureInWords): DeliveryExplanation {
  const { place, rejected, items, saying, contentType, status, settings, hide } = failure;
  if (rejected !== undefined && rejected > 0) {
    const reason = saying === "" ? "see the receiver's log, since it does not say why" : "mend what the receiver names";
    return explained(
      "partly_rejected",
      `${rejected} of the ${items} in a request ${rejected === 1 ? "was" : "were"} refused by ${place}${saying}`,
      `${reason}; what it refused is not sent again`,
    );
  }
  if (rejected === 0) {
    return explained(
      "accepted_with_message",
      `${place} takes the request${saying === "" ? "" : `, and says${saying}`}`,
      "nothing is lost; see to what the receiver says",
    );
  }
  const isPage = /html/i.test(contentType);
  const answer = isPage
    ? "a web page"
    : contentType === ""
      ? "something"
      : `"${hide(contentType.split(";", 1)[0] ?? "", 64)}"`;
  return explained(
    "not_otlp",
    `${place} answers ${status} with ${answer} that is no OTLP answer`,
    `correct ${settings.endpoint}: ${isPage ? "this is a web site (Grafana, a login page, a proxy)" : "this is another service"}; a Collector takes OTLP at port 4318 as a rule`,
  );
}

function explainRedirect({ place, status, location, url, settings, hide }: FailureInWords): DeliveryExplanation {
  const target = location === undefined ? undefined : redirectTarget(location, url, hide);
  const isLogin = /login|signin|sign-in|sso|oauth/i.test(target ?? "");
  return explained(
    "redirect",
    `${place} redirects (${status})${target === undefined ? "" : ` to ${target}`}; redirects are not followed`,
    isLogin
      ? `this looks like a login page: correct ${settings.endpoint}, or put a token into ${settings.headers}`
      : `set ${settings.endpoint} to the address where it ends`,
  );
}

function redirectTarget(location: string, url: string, hide: FailureInWords["hide"]): string | undefined {
  return URL.canParse(location, url) ? showUrl(new URL(location, url).href, hide).place : undefined;
}

function explainPath({ place, path, status, settings }: FailureInWords): DeliveryExplanation {
  const what =
    status === 404 ? `there is no OTLP receiver at ${place} (404)` : `${place} takes no OTLP requests (${status})`;
  const isUsual = /\/v1\/(?:traces|metrics|logs)$/.test(path);
  return explained(
    "wrong_path",
    what,
    isUsual
      ? `correct host, port or path in ${settings.endpoint}; /v1/... at its end is right for most receivers`
      : `correct the path in ${settings.endpoint}: most receivers want it to end in /v1/traces, /v1/metrics or /v1/logs`,
  );
}

/** The standard's variables are lists, percent-encoded; that of Tracebook is JSON, which is good JavaScript, too. */
function headerExample(setting: string): string {
  return setting.startsWith("OTEL_") ? "authorization=Bearer%20..." : '{"authorization":"Bearer ..."}';
}

/** ` and asks to wait 30 s` */
function wait({ retryAfterMs }: FailureInWords): string {
  return retryAfterMs === undefined ? "" : ` and asks to wait ${showDuration(retryAfterMs)}`;
}

type Explain = (failure: FailureInWords) => DeliveryExplanation;

const grpcByVersion: Explain = (failure) =>
  explainGrpcPort(failure, `wants another version of HTTP (${failure.status}), as a gRPC port does`);

const gateway: Explain = ({ place, status }) =>
  explained(
    "gateway",
    `a proxy answers for ${place} and does not reach the receiver behind it (${status})`,
    "start the receiver behind the proxy, or correct the proxy's route to it",
  );

const EXPLAIN: Readonly<Record<number, Explain>> = {
  400: ({ place, saying, isMarkup, settings, protocol }) =>
    explained(
      "bad_request",
      `${place} does not understand the request (400)${isMarkup ? ", and answers with a web page" : saying}`,
      isMarkup
        ? `see the log of the web server or proxy there, and check that ${settings.endpoint} is the address of an OTLP receiver`
        : `see the receiver's log; ${settings.protocol} is ${protocol}, and it may want the other one`,
    ),
  401: ({ place, saying, settings }) =>
    explained(
      "unauthorized",
      `${place} wants a token: there is none, or it is wrong (401)${saying}`,
      `put the right one into ${settings.headers}, such as ${headerExample(settings.headers)}`,
    ),
  403: ({ place, saying, settings }) =>
    explained(
      "forbidden",
      `${place} refuses this sender (403)${saying}`,
      `use a token in ${settings.headers} that may write here, or have this address allowed there`,
    ),
  404: explainPath,
  405: explainPath,
  501: explainPath,
  407: ({ place }) =>
    explained(
      "proxy_login",
      `a proxy on the way to ${place} wants a login (407)`,
      "let these requests pass by the proxy, or have this machine allowed there",
    ),
  413: ({ place, settings }) =>
    explained(
      "too_large",
      `${place} takes no bodies of this size (413)`,
      `raise the limit there (max_request_body_size, client_max_body_size), set ${settings.compression}=gzip, or send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE)`,
    ),
  415: explainProtocol,
  426: grpcByVersion,
  464: grpcByVersion,
  505: grpcByVersion,
  429: (failure) =>
    explained(
      "rate_limited",
      `${failure.place} takes no more for now (429)${wait(failure)}`,
      "if it lasts, raise the limit there or send less (TELEMETRY_SAMPLE_RATIO, TELEMETRY_LOG_RECORDS)",
    ),
  502: gateway,
  504: gateway,
  503: (failure) =>
    explained(
      "unavailable",
      `${failure.place} cannot take anything for now (503)${wait(failure)}${failure.saying}`,
      "see the receiver's log: it starts, stops, has no room in its queue, or its memory limit refuses",
    ),
};
