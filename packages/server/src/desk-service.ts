// What runs in an open desk: the parts, and how they hang together.
import type { IncomingMessage } from "node:http";
import type { OtlpSignal, Store } from "@tracebook/store";
import { startAlertService } from "./alerts/alert-service.ts";
import { addAlertAnswers } from "./answers/alert-answers.ts";
import { addAlertRuleAnswers } from "./answers/alert-rule-answers.ts";
import { addAnalyticsAnswers } from "./answers/analytics-answers.ts";
import type { AnswerContext } from "./answers/answer-context.ts";
import { addBusinessAnswers } from "./answers/business-answers.ts";
import { addDecisionAnswers } from "./answers/decision-answers.ts";
import { addDeskAnswers } from "./answers/desk-answers.ts";
import { addEventAnswers } from "./answers/event-answers.ts";
import { addFlowAnswers } from "./answers/flow-answers.ts";
import type { DeskState } from "./answers/health-report.ts";
import { addLiveAnswers } from "./answers/live-answers.ts";
import { addMetricAnswers } from "./answers/metric-answers.ts";
import { addSystemMetricAnswers } from "./answers/system-metric-answers.ts";
import { addTraceAnswers } from "./answers/trace-answers.ts";
import { addWhatIfAnswers } from "./answers/what-if-answers.ts";
import { otlpRoutes } from "./api/otlp-routes.ts";
import { ROUTES } from "./api/routes.ts";
import type { DeskConfig } from "./config.ts";
import type { DeskLimits } from "./desk-limits.ts";
import { type Api, createApi } from "./http/api-app.ts";
import { type Arrival, arrivalOf } from "./http/arrival.ts";
import { createHostGuard } from "./http/host-guard.ts";
import { createJsonBodies, JSON_BODY_LIMITS } from "./http/json-body.ts";
import { createNodeHandler, type NodeHandler } from "./http/node-handler.ts";
import { createRequestHandler } from "./http/request-handler.ts";
import { createMethodTable } from "./http/route-table.ts";
import { createTokenGuard } from "./http/token-guard.ts";
import { JournalSource } from "./journal-source.ts";
import { LiveFeed } from "./live/live-feed.ts";
import { RecentEvents } from "./live/recent-events.ts";
import { createOtlpReceiver, type OtlpReceiver } from "./otlp/otlp-receiver.ts";
import { SignalCounts } from "./otlp/signal-counts.ts";
import { createPageAnswers } from "./page/page-answers.ts";
import { readPageFiles } from "./page/page-files.ts";
import { oldest, Retention } from "./retention.ts";
import { readVersion } from "./version.ts";
import { SharedAnswers } from "./work/shared-answers.ts";
import { WorkLimit } from "./work/work-limit.ts";

/** What a desk is made of. */
export interface ServiceParts {
  readonly config: DeskConfig;
  readonly store: Store;
  /** What health says of where the database is. */
  readonly storePath: string;
  readonly limits: DeskLimits;
  /** Hears of what is wrong, one line each. */
  readonly tell: (line: string) => void;
  /** What is wrong besides. */
  readonly problems: () => readonly string[];
}

/** What runs. */
export interface DeskService {
  readonly recent: RecentEvents;
  /** For the desk's own port, where nothing is mounted. */
  readonly own: NodeHandler;
  /** For a host's server. */
  readonly mounted: NodeHandler;
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>;
  readonly take: OtlpReceiver["take"];
  problems(): readonly string[];
  /** Ends what needs no answer any more, at once; resolves when the store is not needed either. */
  close(): Promise<void>;
}

/** Starts everything but the port. */
export function startDeskService(parts: ServiceParts): DeskService {
  const { config, store, limits, tell, problems } = parts;
  const recent = new RecentEvents(store);
  const live = new LiveFeed(store, limits.live);
  const background = startBackground(config, store, recent, live);
  const alerts = startAlertService({ config, store, nowMs: Date.now, tell });
  const allProblems = () => [...problems(), ...background.problems(), ...alerts.problems()];
  const context: AnswerContext = {
    store,
    config,
    recent,
    live,
    alerts,
    heavy: new WorkLimit(limits.heavy),
    counts: new SignalCounts(),
    budgetMs: limits.budgetMs,
    nowMs: Date.now,
  };
  const state = () => ({
    problems: allProblems(),
    storePath: parts.storePath,
    retention: background.retention.state(),
    configuration: config.shown,
  });
  const { handle, take } = createHandler(context, limits, state, createErrorLog(tell));
  return {
    recent,
    own: createNodeHandler(handle, "", true),
    mounted: createNodeHandler(handle, config.basePath, false),
    fetch: (request, env) => handle(request, fetchArrival(env, config.basePath)),
    take,
    problems: allProblems,
    close() {
      background.close();
      live.close();
      recent.close();
      return alerts.close();
    },
  };
}

/** What answers requests, and takes those of this process. */
function createHandler(context: AnswerContext, limits: DeskLimits, state: () => DeskState, onError: ErrorLog) {
  const { store, config, counts, heavy } = context;
  const receiver = createOtlpReceiver({ store, counts, limits: limits.body, onError });
  const api = createApi({
    shared: new SharedAnswers(limits.shared),
    heavy,
    bodies: createJsonBodies(JSON_BODY_LIMITS),
    onError,
  });
  addAllAnswers(api, context, receiver, state);
  const { host: boundHost, allowedHosts, token } = config;
  const handle = createRequestHandler({
    api,
    methodsOf: createMethodTable(ROUTES),
    page: createPageAnswers(readPageFiles()),
    guardHost: createHostGuard({ boundHost, allowedHosts, hasToken: token !== undefined }),
    tokens: createTokenGuard(token),
    onError,
  });
  return { handle, take: receiver.take };
}

function addAllAnswers(api: Api, context: AnswerContext, receiver: OtlpReceiver, state: () => DeskState): void {
  addEventAnswers(api, context);
  addLiveAnswers(api, context);
  addAnalyticsAnswers(api, context);
  addWhatIfAnswers(api, context);
  // Last of those below /decisions: any name there could be an id.
  addDecisionAnswers(api, context);
  addFlowAnswers(api, context);
  addTraceAnswers(api, context);
  addMetricAnswers(api, context);
  addSystemMetricAnswers(api, context);
  addBusinessAnswers(api, context);
  addAlertAnswers(api, context);
  addAlertRuleAnswers(api, context);
  addDeskAnswers(api, context, { version: readVersion(), startedMs: Date.now(), state });
  // Not by `respond`: it would read and check the body before there are limits to it.
  for (const { path } of otlpRoutes) {
    const signal = path.slice("/v1/".length) as OtlpSignal;
    api.app.post(path, (c) => {
      const { raw } = c.req;
      const { body } = c.env.arrival;
      // As the socket has it, where that is known: as a stream of the web, which is made when it is first looked at, it costs twice as much.
      const { stream, isUnshared } = body ?? { stream: raw.body, isUnshared: false };
      return receiver.respond(signal, { headers: raw.headers, body: stream, isUnshared });
    });
  }
}

/** What goes on by itself: new events to those who watch, a journal into the store, retention. */
function startBackground(config: DeskConfig, store: Store, recent: RecentEvents, live: LiveFeed) {
  const { eventsRetentionDays: events, tracesRetentionDays: traces, metricsRetentionDays: metrics } = config;
  const retention = new Retention(store, { events, traces, metrics }, Date.now);
  const journal =
    config.journalDir === undefined
      ? undefined
      : new JournalSource({
          store,
          dir: config.journalDir,
          oldest: () => oldest(Date.now(), events),
          nowMs: Date.now,
          onWritten: () => recent.markStale(),
        });
  const unhear = store.onWritten((result) => {
    recent.markStale();
    live.hear(result);
  });
  // Whoever else writes into the same file does not call us.
  const look = setInterval(() => recent.markStale(), LOOK_MS).unref();
  recent.markStale();
  return {
    retention,
    problems: () => [journal?.problem, retention.problem].filter((problem) => problem !== undefined),
    close() {
      unhear();
      clearInterval(look);
      retention.close();
      journal?.close();
    },
  };
}

const LOOK_MS = 2_000;

/** Without what a Node server knows of the connection it is not known by which address a request came. */
function fetchArrival(env: unknown, basePath: string): Arrival {
  const { incoming } = (env ?? {}) as { readonly incoming?: IncomingMessage };
  if (incoming?.socket !== undefined) return arrivalOf(incoming, basePath);
  return { localAddress: undefined, localPort: undefined, basePath, isWhole: true, body: undefined, cut: undefined };
}

type ErrorLog = (error: unknown, path: string) => void;

/** Errors that nobody expected, a line for each, but no more than one a minute. */
function createErrorLog(tell: (line: string) => void): ErrorLog {
  let quietUntilMs = 0;
  let unsaid = 0;
  return (error, path) => {
    const nowMs = performance.now();
    if (nowMs < quietUntilMs) {
      unsaid++;
      return;
    }
    const more = unsaid === 0 ? "" : ` (and ${unsaid} more since the last line)`;
    tell(`${path} could not be answered: ${inOneLine(error)}${more}`);
    [quietUntilMs, unsaid] = [nowMs + 60_000, 0];
  };
}

/** What was thrown, and from where. */
function inOneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first = error.message, ...frames] = (error.stack ?? error.message).split("\n").map((line) => line.trim());
  return [first, ...frames.slice(0, 2)].join(" ");
}
