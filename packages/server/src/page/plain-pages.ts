// Pages that the server has itself: where the token is asked for, and what stands there until the page was built. Nothing of a request is in them.
import { createHash } from "node:crypto";

const STYLE = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center}
main{max-width:26rem;padding:2rem}
h1{font-size:1.25rem;margin:0 0 .5rem}
label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
input,button{padding:.5rem .75rem;margin:.25rem 0 1rem;border-radius:.375rem;border:1px solid GrayText}
button{cursor:pointer}
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** Nothing but this style, and a form that is sent to the desk itself. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const WRONG = '<p role="alert">That is not the token.</p>';

/** Asks for the token. `action` is the address that the form is sent to: a fixed name below a base path that was checked. */
export function loginPage(action: string, isWrong: boolean): Response {
  const body = `<h1>Tracebook</h1>${isWrong ? WRONG : "<p>This desk wants its token.</p>"}
<form method="post" action="${action}"><label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Open the desk</button></form>`;
  return htmlPage(body, 401, { "www-authenticate": 'Bearer realm="tracebook"' });
}

/**
 * Sets the cookie and goes on to the desk. Not by a redirect: a browser that came by another site's link would leave the new cookie out,
 * while what a page of the desk's own leads to is the desk's own.
 */
export function enteredPage(address: string, cookie: string): Response {
  const body = `<meta http-equiv="refresh" content="0;url=${address}"><p><a href="${address}">Open the desk</a></p>`;
  return htmlPage(body, 200, { "set-cookie": cookie });
}

/** Says how the page is built. */
export function missingPage(): Response {
  const body = `<h1>Tracebook</h1><p>The desk's server is running; its page has not been built here.
Build it with <code>pnpm build</code> and start again. The API is at <code>api/telemetry/</code>.</p>`;
  return htmlPage(body, 200, {});
}

function htmlPage(body: string, status: number, headers: Readonly<Record<string, string>>): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tracebook</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
  return new Response(html, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY, ...headers },
  });
}
