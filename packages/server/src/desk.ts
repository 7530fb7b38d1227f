// The desk: a store with what answers questions about it, for people, programs and telemetry.
import type { OtlpFormat, OtlpSignal, Store, WriteResult } from "@tracebook/store";
import { refuseWrongAlerts } from "./alerts/strict-alerts.ts";
import { type DeskConfig, type Environment, resolveDeskConfig } from "./config.ts";
import { createDeskApi, type DeskApi } from "./desk-api.ts";
import { DESK_LIMITS, type DeskLimits } from "./desk-limits.ts";
import type { DeskOptions } from "./desk-options.ts";
import { type DeskService, startDeskService } from "./desk-service.ts";
import { type Listener, listen } from "./http/listener.ts";
import type { NodeHandler } from "./http/node-handler.ts";
import { openStore, shownStore } from "./open-store.ts";

/** Where telemetry of this process is sent without a network: `startTelemetry({}, { destinations: [desk.destination] })`. */
export interface DeskDestination {
  readonly name: string;
  /** Resolves when it is stored; rejects as `store.takeOtlp` does. `body` is copied. */
  take(signal: OtlpSignal, body: Uint8Array, format: OtlpFormat): Promise<WriteResult>;
}

/** How a desk is doing. */
export interface DeskHealth {
  /** Where it answers; empty: it does not listen. */
  readonly url: string;
  /** What is wrong, a line each; empty when all is well. */
  readonly problems: readonly string[];
}

/** An open desk. */
export interface Desk extends DeskApi {
  /** Where it answers, `http://127.0.0.1:8790`; empty when it does not listen: `health()` says why. */
  readonly url: string;
  readonly store: Store;
  /** For `node:http` and Express: `app.use("/desk", desk.handler)`, or behind a path of your own with the option `basePath`. */
  readonly handler: NodeHandler;
  /**
   * For Hono and others that have requests as the web has them. `env` is what a Node server knows of the connection (`c.env` of Hono); without
   * it the desk has to have a token, since nobody can see by which address the request came.
   */
  fetch(request: Request, env?: unknown): Promise<Response>;
  readonly destination: DeskDestination;
  health(): DeskHealth;
  /** Ends the port, live feeds and timers, and the store if it was opened here. */
  close(): Promise<void>;
}

/** Ports above the default one that are tried when it is taken. */
const OTHER_PORTS = 9;

/**
 * Opens a desk: store, REST API, live feed, page, and OTLP in. Throws `DeskError` for wrong options and for an address that needs a token,
 * and `StoreError` for a database that cannot be opened. A port that is taken is one line, and the host runs on. `env` stands for the
 * environment of the process.
 *
 * @example
 * const desk = await openDesk({ journalDir: "./telemetry" });
 * await startTelemetry({}, { destinations: [desk.destination] });
 */
export function openDesk(options: DeskOptions = {}, env?: Environment): Promise<Desk> {
  return openLimitedDesk(options, env, DESK_LIMITS);
}

/** The same with limits of its own, for tests. */
export async function openLimitedDesk(
  options: DeskOptions,
  env: Environment | undefined,
  limits: DeskLimits,
): Promise<Desk> {
  const config = resolveDeskConfig(options, env);
  const say = options.onLine ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const tell = (line: string) => say(`tracebook desk: ${line}`);
  for (const line of config.problems) tell(line);
  refuseWrongAlerts(config);
  const isOwn = options.store === undefined;
  const store =
    options.store ??
    (await openStore(config.path, { journalDir: config.journalDir, onProblem: tell, clickhouse: config }));
  const listening: { listener?: Listener } = {};
  const service = startDeskService({
    config,
    store,
    storePath: isOwn ? shownStore(config.path) : "(the host's own)",
    limits,
    tell,
    problems: () => [...config.problems, ...problemOf(listening.listener)],
  });
  listening.listener = await listenFor(config, service, limits);
  const { url, problem } = listening.listener;
  if (problem !== undefined) tell(`${problem}; set TELEMETRY_DESK_PORT to a free port`);
  else tell(startLine(config, url, isOwn));
  return toDesk(store, service, listening.listener, isOwn);
}

function toDesk(store: Store, service: DeskService, listener: Listener, isOwn: boolean): Desk {
  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.all([service.close(), listener.close()]);
    if (isOwn) await store.close();
  };
  return {
    ...createDeskApi(store, service.recent, "desk", Date.now),
    url: listener.url,
    store,
    handler: service.mounted,
    fetch: service.fetch,
    destination: { name: "desk", take: service.take },
    health: () => ({ url: listener.url, problems: service.problems() }),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

async function listenFor(config: DeskConfig, service: DeskService, limits: DeskLimits): Promise<Listener> {
  const { host, port, isPortGiven, keepAlive } = config;
  if (port === false) return { url: "", port: undefined, problem: undefined, close: () => Promise.resolve() };
  const others = isPortGiven ? 0 : OTHER_PORTS;
  return listen(service.own, { host, port, others, keepAlive, limits: limits.listen });
}

function problemOf(listener: Listener | undefined): readonly string[] {
  return listener?.problem === undefined ? [] : [listener.problem];
}

function startLine({ path, port, isPortGiven, token }: DeskConfig, url: string, isOwn: boolean): string {
  const where = url === "" ? "no port of its own" : url;
  const isMoved = !isPortGiven && port !== false && url !== "" && !url.endsWith(`:${port}`);
  const moved = isMoved ? ` (port ${port} is taken)` : "";
  const guard = token === undefined ? "" : ", token wanted";
  return `${where}${moved}, database ${isOwn ? shownStore(path) : "of the host"}${guard}`;
}
