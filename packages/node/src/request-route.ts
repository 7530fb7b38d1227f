// Which route a request belongs to, for metrics and spans: the template, never the path with its ids.
import type { IncomingMessage } from "node:http";
import { tracebookSlot } from "@tracebook/core/extension";

const routes = new WeakMap<IncomingMessage, string>();
const TELL_KEY = "node.requestRoute";
const MAX_ROUTE_UNITS = 128;
const MAX_SEGMENTS = 12;
const MAX_WORD_UNITS = 40;

/** Says the route of a request: the HTTP span and `http.server.request.duration` of the active context get it, and body sizes. */
export function setRequestRoute(request: IncomingMessage, route: string): void {
  routes.set(request, route);
  const tell = tracebookSlot().shared.get(TELL_KEY) as ((route: string) => void) | undefined;
  tell?.(route);
}

/** Has `tell` hear of every route: the SDK's side, which hosts do not load while telemetry is off. Undefined ends that. */
export function onRequestRoute(tell: ((route: string) => void) | undefined): void {
  const { shared } = tracebookSlot();
  if (tell === undefined) shared.delete(TELL_KEY);
  else shared.set(TELL_KEY, tell);
}

/** The route of a request: what was said, or what a framework left on it; empty where nobody knows. */
export function requestRouteOf(request: IncomingMessage): string {
  const said = routes.get(request);
  if (said !== undefined) return said;
  const route = (request as { route?: { path?: unknown } }).route?.path;
  return typeof route === "string" ? route : "";
}

/** Whether a request asks for metrics, by method and path; a query string changes nothing. */
export function isScrape({ method, url = "" }: Pick<IncomingMessage, "method" | "url">): boolean {
  return (method === "GET" || method === "HEAD") && url.split("?", 1)[0] === "/metrics";
}

/** A path as a template: `/orders/17` is `/orders/:id`. Segments that look like ids, dates or hashes are; so is all that is long. */
export function toRouteTemplate(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const segments = path.split("/").filter((segment) => segment !== "");
  const words = segments.slice(0, MAX_SEGMENTS).map((segment) => (isId(segment) ? ":id" : segment));
  if (segments.length > MAX_SEGMENTS) words.push("*");
  return `/${words.join("/")}`.slice(0, MAX_ROUTE_UNITS);
}

function isId(segment: string): boolean {
  // A word, perhaps with a version: `v2`, `orders`, `order-history`. An address is a word with many digits.
  const digits = segment.replace(/\D/g, "").length;
  return (
    segment.length > MAX_WORD_UNITS ||
    !/^[a-z][a-z0-9_.-]*$/i.test(segment) ||
    digits > 2 ||
    /^[0-9a-f]{8,}$/i.test(segment)
  );
}
