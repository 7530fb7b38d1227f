// The token: as a header for programs, as a cookie for browsers, which get it by a form or once by a link.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Arrival } from "./arrival.ts";

/** How long a browser stays let in. */
const SESSION_SECONDS = 7 * 86_400;

/** What is asked of a token. */
export interface TokenGuard {
  /** Whether a request may pass. */
  isLetIn(headers: Headers, arrival: Arrival): boolean;
  /** Whether a text is the token. Takes as long for a wrong one. */
  isToken(text: string): boolean;
  /** The `Set-Cookie` by which a browser is let in from then on. */
  cookie(arrival: Arrival, isSecure: boolean): string;
}

/**
 * Makes the guard; undefined: everybody is let in. A cookie holds the second in which it ends and a keyed hash of that, never the token, and
 * is nobody's secret to keep here: a desk that starts anew with the same token knows it.
 */
export function createTokenGuard(token: string | undefined, nowMs: () => number = Date.now): TokenGuard {
  const wanted = digest(token ?? "");
  const key = createHash("sha256").update(`tracebook desk session\0${token}`).digest();
  const sign = (seconds: string) => createHmac("sha256", key).update(seconds).digest("base64url");
  const isToken = (text: string) => token !== undefined && timingSafeEqual(digest(text), wanted);
  const isSession = (value: string) => {
    const [seconds = "", signature = ""] = value.split(".");
    const isOurs = timingSafeEqual(digest(signature), digest(sign(seconds)));
    return isOurs && /^\d{1,12}$/.test(seconds) && Number(seconds) * 1_000 > nowMs();
  };
  return {
    isToken,
    isLetIn(headers, arrival) {
      if (token === undefined) return true;
      const bearer = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
      if (bearer !== undefined) return isToken(bearer);
      return cookiesOf(headers, cookieName(arrival)).some(isSession);
    },
    cookie(arrival, isSecure) {
      const seconds = String(Math.floor(nowMs() / 1_000) + SESSION_SECONDS);
      const path = arrival.basePath === "" ? "/" : arrival.basePath;
      const value = `${cookieName(arrival)}=${seconds}.${sign(seconds)}; Path=${path}; Max-Age=${SESSION_SECONDS}`;
      return `${value}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
    },
  };
}

/** Cookies know no ports: two desks on one machine would take each other's. */
function cookieName({ localPort }: Arrival): string {
  return `tracebook_desk_${localPort ?? 0}`;
}

function cookiesOf(headers: Headers, name: string): readonly string[] {
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

/** Of one length, whatever it is of. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
