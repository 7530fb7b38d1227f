// The URL of a database or of Redis as people write it: checked before anybody uses it, and never repeated, for it may hold a password.

/** What a URL is for. */
export interface ServerUrlOptions {
  readonly protocols: readonly string[];
  readonly example: string;
}

/** The two that this example knows. */
export const DATABASE_URL: ServerUrlOptions = Object.freeze({
  protocols: ["postgres:", "postgresql:"],
  example: "postgres://USER:PASSWORD@HOST:5432/DATABASE",
});
export const REDIS_URL: ServerUrlOptions = Object.freeze({
  protocols: ["redis:", "rediss:"],
  example: "redis://:PASSWORD@HOST:6379",
});

const ESCAPES = "in a password write # as %23, / as %2F, ? as %3F, @ as %40, % as %25";

/** Reads the URL that the variable `name` holds. Throws one line that names the variable and what is wrong. */
export function parseServerUrl(name: string, given: string, { protocols, example }: ServerUrlOptions): URL {
  const wrong = (what: string): Error => new Error(`${name} ${what}: write it as ${example}; ${ESCAPES}`);
  if (!URL.canParse(given)) throw wrong("is not a URL");
  const url = new URL(given);
  if (!protocols.includes(url.protocol)) throw wrong(`begins with ${url.protocol}// and not with ${protocols[0]}//`);
  // A password that was not escaped: what comes behind its # or / is read as something else.
  if (url.hash !== "" || `${url.pathname}${url.search}`.includes("@"))
    throw wrong("is cut by a character of its password");
  if (!isDecodable(url.username) || !isDecodable(url.password)) throw wrong("has a % that begins no escape");
  return url;
}

/** The same for both, as far as the environment names them. */
export function checkServerUrls({ DATABASE_URL: database, REDIS_URL: redis }: NodeJS.ProcessEnv): void {
  if (database) parseServerUrl("DATABASE_URL", database, DATABASE_URL);
  if (redis) parseServerUrl("REDIS_URL", redis, REDIS_URL);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
