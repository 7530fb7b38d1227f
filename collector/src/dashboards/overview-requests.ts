// The lower half of the overview: decisions in short, the chat bot and its backend, HTTP.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, trend } from "./panels.ts";
import { ratio } from "./promql.ts";
import { promql } from "./targets.ts";

/** What the strategies decided, and the reasons that came most. */
export function decisionsInShort({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { decisions } = metrics;
  const reasons = queries.growth(decisions, ["reason_code"], { decision: "=REJECT" });
  return [
    trend({
      title: "Decisions",
      means: "Decisions to trade (ACCEPT) and not to trade (REJECT, dashed), per minute.",
      whenBad: "No ACCEPT for long: the ranking beside names the reason; Decisions and latency has the margins.",
      unit: "suffix: /min",
      min: 0,
      styles: { "/ACCEPT/": "good", "/REJECT/": "watch" },
      noData: "no decision yet",
      leadsTo: "decisions",
      width: 14,
      targets: [promql(queries.perMinute(decisions, ["decision"]), "{{decision}}")],
    }),
    bars({
      title: "Why nothing was traded",
      means: "The reasons of rejected decisions in this time range, the most frequent first.",
      whenBad: "`insufficient_edge` is the market; `stale_data`, `book_not_ready` and `error` are yours to mend.",
      unit: "short",
      decimals: 0,
      min: 0,
      noData: "nothing was rejected in this time range",
      leadsTo: "decisions",
      width: 10,
      height: 8,
      targets: [promql(`topk(8, ${reasons} > 0)`, "{{reason_code}}")],
    }),
  ];
}

/** What the bot asks of its backend, and what people ask of the bot. */
export function chatBot({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { botBackendRequests, botBackendRequestDuration, botUpdates } = metrics;
  return [
    trend({
      title: "Bot requests to the backend",
      means: "Requests of the bot to its backend per minute, by success or error (dashed).",
      whenBad: "Errors only: the backend is down or its address is wrong. Some: open the trace of a slow one beside.",
      unit: "suffix: /min",
      min: 0,
      styles: { "/error/": "act" },
      noData: "no bot has asked yet",
      width: 8,
      targets: [promql(queries.perMinute(botBackendRequests, ["status"]), "{{status}}")],
    }),
    trend({
      title: "Time of bot requests",
      means:
        "Half, 95 and 99 of 100 requests of the bot were answered within this time. Dots are single requests: click one for its trace.",
      whenBad: "Compare with the HTTP panel below: if the backend is fast, the network between them is slow.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 0.5, act: 2 } },
      noData: "no bot has asked yet",
      width: 8,
      targets: [0.5, 0.95, 0.99].map((q) =>
        promql(queries.quantile(q, botBackendRequestDuration, []), `p${q * 100}`, { exemplars: q === 0.99 }),
      ),
    }),
    trend({
      title: "Chat updates",
      means: "Messages and button presses that the bot has processed, per minute.",
      whenBad: "None while people write: the bot has lost its connection to the chat service.",
      unit: "suffix: /min",
      min: 0,
      noData: "no update yet",
      width: 8,
      targets: [promql(queries.perMinute(botUpdates, ["type"]), "{{type}}")],
    }),
  ];
}

/** HTTP as the services serve it. */
export function httpRequests(context: DashboardContext): PanelDraft[] {
  return [...httpRate(context), ...httpFaults(context)];
}

function httpRate({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { httpRequestDuration: duration } = metrics;
  return [
    trend({
      title: "HTTP requests served",
      means: "Requests per second by route; what has no route name is shown by its method alone.",
      whenBad: "A route that falls to zero has lost its callers; a burst is a caller that retries.",
      unit: "reqps",
      min: 0,
      noData: "no request yet",
      width: 6,
      targets: [
        promql(queries.rate(duration, ["http.request.method", "http.route"]), "{{http_request_method}} {{http_route}}"),
      ],
    }),
    trend({
      title: "Time of HTTP requests, p95",
      means:
        "95 of 100 requests were answered within this time, by service. Dots are single requests: click one for its trace.",
      whenBad: "Open a dot high up: the long span below the request says whether database, venue or code waits.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 0.5, act: 2 } },
      noData: "no request yet",
      width: 6,
      targets: [promql(queries.quantile(0.95, duration, ["job"]), "{{job}}", { exemplars: true })],
    }),
  ];
}

function httpFaults({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { httpRequestDuration: duration, httpRequestSize, httpResponseSize } = metrics;
  const failed = { "http.response.status_code": "=~5.." } as const;
  return [
    trend({
      title: "HTTP requests that failed",
      means: "Share of requests answered with a status of 500 or more.",
      whenBad: "Look at the errors in the log of that service, and at what was deployed last.",
      unit: "percentunit",
      min: 0,
      limits: { above: { watch: 0.01, act: 0.05 } },
      noData: "no request yet",
      width: 6,
      targets: [promql(ratio(queries.rate(duration, [], failed), queries.rate(duration, [])), "failed")],
    }),
    trend({
      title: "Size of HTTP bodies, p95",
      means: "95 of 100 bodies were smaller, of requests and of answers, by service.",
      whenBad: "Bodies that grow without end: a list without paging, or a caller that sends what nobody wants.",
      unit: "bytes",
      min: 0,
      noData: "no request yet",
      width: 6,
      targets: [
        promql(queries.quantile(0.95, httpRequestSize, ["job"]), "requests to {{job}}"),
        promql(queries.quantile(0.95, httpResponseSize, ["job"]), "answers of {{job}}"),
      ],
    }),
  ];
}
