// Cases 41 and 42: planted secrets in every byte that leaves, and trace headers on their way to an exchange.
import { findLeaks, runCarelessBot } from "../../test/careless-bot.ts";
import { CLIENTS, contextOf, findCall, makeOutgoingCalls, type OutgoingCalls } from "../../test/outgoing-calls.ts";
import type { Recorded } from "../../test/recording-server.ts";
import { check, type FaultCase } from "../fault-case.ts";
import { figuresWithoutItems } from "../fault-figures.ts";

const MIN_SECRETS = 60;
/** A bot that ends, one that crashes, and one whose Collector is away, so that all of it is on disk. */
const ENDS = [
  ["return", false],
  ["crash", false],
  ["return", true],
] as const;

/** Case 41. */
export const secrets: FaultCase = {
  id: "41",
  title: "60 planted secrets: journal, spool, OTLP, /metrics, stderr, crash",
  seconds: () => 10,
  async run() {
    const runs = await Promise.all(ENDS.map(([how, isAway]) => runCarelessBot(how, isAway)));
    const leaks = runs.flatMap(({ texts, secrets: planted }) =>
      Object.entries(texts).flatMap(([way, text]) => findLeaks(text, planted).map((leak) => `${way}: ${leak}`)),
    );
    // What nobody took is on disk alone.
    const innocent = runs.flatMap(({ innocent: values, texts }, i) => {
      const ways = ENDS[i]![1] ? ([texts.files] as const) : ([texts.files, texts.OTLP] as const);
      return ways.flatMap((text) => Object.values(values).map((value) => text.includes(value)));
    });
    const falsely = innocent.filter((isKept) => !isKept).length;
    const planted = Math.min(...runs.map((run) => run.secrets.length));
    const bytes = runs.reduce((sum, { texts }) => sum + Object.values(texts).join("").length, 0);
    return {
      runs: runs.length,
      figures: figuresWithoutItems({
        planted,
        leaks: leaks.length,
        false_redactions: falsely,
        characters_searched: bytes,
      }),
      stock: undefined,
      checks: [
        check("enough were planted", planted >= MIN_SECRETS, planted),
        check("none leaves", leaks.length === 0, leaks.length),
        check("what is innocent is kept, on disk and over OTLP", falsely === 0, falsely),
      ],
      headline: `${leaks.length} of ${planted} leaked in ${runs.length} runs, ${falsely} of ${innocent.length} innocent values redacted`,
      stockHeadline: "redacts nothing",
    };
  },
};

const OWN = "127.0.0.1";
const EXCHANGE = "api.exchange.example";
const LISTED = "feed.partner.example";
/** One by each client, one after a redirect, one through a proxy. */
const CALLS_TO_EXCHANGE = CLIENTS.length + 2;
const STOCK_SDK = new URL("../programs/stock-sdk.ts", import.meta.url);

/** Case 42. */
export const propagation: FaultCase = {
  id: "42",
  title: "http, https, fetch, WebSocket to an exchange, after a redirect, through a proxy",
  seconds: () => 5,
  async run() {
    const [calls, stock] = await Promise.all([makeOutgoingCalls(), makeOutgoingCalls([STOCK_SDK.href])]);
    const [toExchange, stockToExchange] = [callsToExchange(calls), callsToExchange(stock)];
    const [leaked, stockLeaked] = [countLeaks(toExchange), countLeaks(stockToExchange)];
    const own = CLIENTS.filter((client) => hasTrace(calls, OWN, client)).length;
    const listed = CLIENTS.filter((client) => hasTrace(calls, LISTED, client)).length;
    return {
      runs: 1,
      figures: figuresWithoutItems({
        calls_to_exchange: toExchange.length,
        leaked_headers: leaked,
        own_calls_with_context: own,
        listed_calls_with_context: listed,
      }),
      stock: figuresWithoutItems({ calls_to_exchange: stockToExchange.length, leaked_headers: stockLeaked }),
      checks: [
        check("all calls to the exchange arrive", toExchange.length === CALLS_TO_EXCHANGE, toExchange.length),
        check("an exchange sees no trace header", leaked === 0, leaked),
        check("calls to addresses of one's own bear the trace", own === CLIENTS.length, own),
        check("calls to listed hosts bear the trace", listed === CLIENTS.length, listed),
      ],
      headline: `${leaked} headers leaked in ${toExchange.length} calls`,
      stockHeadline: `${stockLeaked} headers leaked in ${stockToExchange.length} calls`,
    };
  },
};

/** The requests that an exchange got, one by each client, one after the redirect, one through the proxy; those that never came are none. */
function callsToExchange(calls: OutgoingCalls): Recorded[] {
  const direct = [...CLIENTS, "redirected"].map((path) => findCall(calls, EXCHANGE, path));
  const proxied = calls.recorded.find((request) => request.path.endsWith("/proxied"));
  return [...direct, proxied].filter((request) => request !== undefined);
}

/** Headers of trace context that it got to see. */
function countLeaks(requests: readonly Recorded[]): number {
  const headers = requests.flatMap((request) => Object.values(contextOf(request)));
  return headers.filter((value) => value !== undefined).length;
}

function hasTrace(calls: OutgoingCalls, host: string, client: string): boolean {
  const { traceparent } = contextOf(findCall(calls, host, client));
  const traceId = calls.flows[`${host} ${client}`];
  return traceId !== undefined && traceparent?.includes(traceId) === true;
}
