// Which pages may ask: only the desk's own. There are no CORS headers; this is for requests that a browser sends without asking first.
import { parseHost } from "./host-names.ts";
import { ProblemError } from "./problem.ts";

/** What the guard looks at. */
export interface SiteRequest {
  readonly method: string;
  readonly headers: Headers;
  /** The Host header, which was looked at before. */
  readonly host: string;
  /** Whether the path is one of the page's own, which anybody may link to. */
  readonly isPage: boolean;
}

/**
 * Throws for a request of another site's page. A browser says where a page is from by `Sec-Fetch-Site` and, where it sends one, by `Origin`;
 * what says neither is no page. Another port of the same machine is another site here: whatever runs there is not the desk.
 */
export function guardSite({ method, headers, host, isPage }: SiteRequest): void {
  const origin = headers.get("origin");
  if (origin !== null && !isSameHost(origin, host)) throw refusal();
  const site = headers.get("sec-fetch-site");
  if (site === null || site === "same-origin" || site === "none") return;
  // A link to the page from elsewhere: a whole new document, never a frame, a script or a request of a program.
  const isLink = headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
  if (!isPage || !isLink || method !== "GET") throw refusal();
}

/** Behind a proxy the scheme may differ; the host may not. */
function isSameHost(origin: string, host: string): boolean {
  const match = /^https?:\/\/([^/?#\s]+)$/.exec(origin);
  const from = match?.[1] === undefined ? undefined : parseHost(match[1]);
  const own = parseHost(host);
  return from !== undefined && own !== undefined && from.name === own.name && from.port === own.port;
}

function refusal(): ProblemError {
  return new ProblemError(
    "site_not_allowed",
    "The request comes from a page of another site: open the desk's own page.",
  );
}
