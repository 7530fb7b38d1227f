// Secrets where people leave them: each value holds canaries that must not survive in any form.

/** A value as a host may record it, and the texts that must not come out. */
export interface PlantedSecret {
  readonly where: string;
  readonly value: unknown;
  readonly canaries: readonly string[];
}

const base64 = (text: string): string => btoa(text);
const base64url = (text: string): string => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const json = (value: unknown): string => JSON.stringify(value);

let count = 0;
/** A text as random as a key, and different each time. */
function canary(length = 20): string {
  count++;
  return `cAn4ry${count}x${"Q7wLz9Rk2Vb8Np3Ht6Yd5Mf1Gj4Sc0Xa".repeat(4)}`.slice(0, length);
}

function planted(where: string, make: (secret: string) => unknown, secret = canary()): PlantedSecret {
  return { where, value: make(secret), canaries: [secret] };
}

const HEX_KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
const MNEMONIC_12 = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const MNEMONIC_24 =
  "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold";
const pemBody = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
// In two parts, so that no scanner takes this file for a leak.
const PEM = `-----BEGIN PRIVATE ${"KEY"}-----\n${pemBody}\n-----END PRIVATE ${"KEY"}-----`;
const jwtPayload = base64url(json({ sub: "canary-subject", exp: 1_900_000_000 }));
const JWT = `${base64url(json({ alg: "HS256", typ: "JWT" }))}.${jwtPayload}.sIgNaTuRe0fCaNaRy7`;
const AWS = `AK${"IA"}J7QXYZ3N5PLM2KCW`;
const GITHUB = `gh${"p"}_${canary(36)}`;

/** A request that a library attached to its error, with the credentials in its configuration. */
function requestError(secret: string): Error {
  return Object.assign(new Error("Request failed with status code 401"), {
    config: { headers: { "X-MBX-APIKEY": secret }, url: `https://api.binance.com/api/v3/account?signature=${secret}` },
    response: { data: { code: -2015, msg: "Invalid API-key, IP, or permissions for action." } },
  });
}

/** The cases, at least 60. */
export const PLANTED_SECRETS: readonly PlantedSecret[] = [
  // names
  planted("camel case", (s) => ({ apiKey: s })),
  planted("snake case", (s) => ({ api_key: s })),
  planted("upper case", (s) => ({ API_SECRET: s })),
  planted("odd case without separators", (s) => ({ aPiSeCrEt: s })),
  planted("Binance header", (s) => ({ "X-MBX-APIKEY": s })),
  planted("OKX header", (s) => ({ "OK-ACCESS-SIGN": s })),
  planted("OKX passphrase header", (s) => ({ "OK-ACCESS-PASSPHRASE": s })),
  planted("KuCoin header", (s) => ({ "KC-API-SIGN": s })),
  planted("Bybit header", (s) => ({ "X-BAPI-SIGN": s })),
  planted("Coinbase header", (s) => ({ "CB-ACCESS-KEY": s })),
  planted("Kraken header", (s) => ({ "API-Sign": s })),
  planted("listen key", (s) => ({ listenKey: s })),
  planted("password of a number", () => ({ password: 8_675_309_001 }), "8675309001"),
  planted("private key in an object", (s) => ({ wallet: { privateKey: { d: s, crv: "P-256" } } })),
  planted("list under a secret name", (s) => ({ cookies: [s, `${s}b`] })),
  planted("seed", (s) => ({ seed: s })),
  planted("session token", (s) => ({ sessionToken: s })),
  planted("custom attribute prefix", (s) => ({ "trading.exchange.api_secret": s })),
  planted("header attribute", (s) => ({ "http.request.header.x_mbx_apikey": [s] })),
  planted("map", (s) => new Map([["passphrase", s]])),
  planted("headers object", (s) => new Headers({ authorization: `Bearer ${s}`, accept: "text/plain" })),
  planted("search parameters", (s) => new URLSearchParams({ symbol: "BTCUSDT", signature: s })),
  planted("pair", (s) => ({ headers: [["X-MBX-APIKEY", s]] })),
  planted("raw header list", (s) => ["Accept", "*/*", "X-MBX-APIKEY", s]),
  planted("name and value", (s) => ({ headers: [{ name: "Cookie", value: `sid=${s}` }] })),
  planted("value before name", (s) => [{ value: s, name: "KC-API-PASSPHRASE" }]),
  planted("key material under a suspicious name", () => ({ key: HEX_KEY }), HEX_KEY),
  planted("key material under a suspicious name, with prefix", () => ({ account_key: `0x${HEX_KEY}` }), HEX_KEY),
  planted("property name that is a query string", (s) => ({ [`?apiKey=${s}`]: 1 })),
  planted("toJSON", (s) => ({ toJSON: () => ({ client_secret: s }) })),
  // values
  planted("PEM block", () => ({ note: `key is ${PEM} ok` }), pemBody),
  planted("PEM block without an end", () => PEM.slice(0, -20), pemBody),
  planted("PEM block in escaped JSON", () => json(json({ x: PEM })), pemBody),
  planted("JSON Web Token", () => ({ note: `got ${JWT}` }), jwtPayload),
  planted("AWS key id", () => [`using ${AWS} now`], AWS),
  planted("GitHub token", () => `cloned with ${GITHUB}`, GITHUB),
  planted("bearer in a sentence", (s) => `sent Bearer ${s} to the venue`),
  planted("bearer in lower case", (s) => `sent bearer ${s} to the venue`, canary(32)),
  {
    where: "basic credentials",
    value: `proxy said Basic ${base64("bot:hunter2canary")}`,
    canaries: ["hunter2canary", base64("bot:hunter2canary")],
  },
  planted("mnemonic of 12 words", () => ({ note: `use ${MNEMONIC_12} please` }), "sausage worth useful"),
  planted("mnemonic of 24 words", () => MNEMONIC_24, "clutch crush open"),
  planted("mnemonic in capitals", () => `WORDS: ${MNEMONIC_12.toUpperCase()}`, "SAUSAGE WORTH USEFUL"),
  planted("mnemonic as a JSON list", () => json(MNEMONIC_12.split(" ")), "sausage"),
  planted("private key in a sentence", () => `private key: 0x${HEX_KEY}`, HEX_KEY),
  planted("flag of a command", (s) => `Command failed: bot --api-secret ${s} --dry-run`),
  // URLs and forms
  planted("query string", (s) => `GET /api/v3/order?symbol=BTCUSDT&signature=${s}&timestamp=1`),
  planted("query string in odd case", (s) => ({ "url.full": `https://api.example.com/x?APIKEY=${s}` })),
  planted("form body", (s) => `symbol=BTCUSDT&signature=${s}&apiKey=${s}`),
  planted("password in a URL", (s) => ({ dsn: `postgres://bot:${s}@db:5432/trades` })),
  planted("password with reserved characters", (s) => `redis://:${s}/x#y@cache:6379`),
  planted("token before the host", (s) => `https://${s}@sentry.example.com/1`),
  planted("listen key in a path", (s) => `wss://stream.binance.com:9443/ws/${s}`, canary(60)),
  planted("bot token in a path", (s) => `POST https://api.telegram.org/bot123456789:AA${s}/sendMessage`, canary(33)),
  planted("webhook path", (s) => `https://hooks.slack.com/services/T0AB12CD3/B0AB12CD3/${s}`, canary(24)),
  planted(
    "node provider path",
    (s) => ({ rpc: `https://mainnet.infura.io/v3/${s}` }),
    "9aa3d95b3bc440fa88ea12eaa4456161",
  ),
  planted("fragment", (s) => `https://app.example.com/cb#access_token=${s}&x=1`),
  planted("URL inside a URL", (s) => `https://x.io/?next=${encodeURIComponent(`https://y.io/?apiKey=${s}&z=1`)}`),
  planted("encoded twice", (s) => `https://x.io/?n=${encodeURIComponent(encodeURIComponent(`?secret=${s}&z=1`))}`),
  planted("URL object", (s) => ({ at: new URL(`https://u:${s}@x.io/?token=${s}`) })),
  planted("encoded JSON", (s) => `data=${encodeURIComponent(json({ apiKey: s }))}`),
  // errors and stacks
  planted("error message", (s) => new Error(`login failed: password=${s}`)),
  planted("stack", (s) => ({ stack: `Error: bad signature: ${s}\n    at sign (file:///app/sign.ts:1:2)` })),
  planted("cause", (s) => new Error("outer", { cause: new Error(`Authorization: Bearer ${s}`) })),
  planted("error of a request library", requestError),
  planted("aggregate error", (s) => new AggregateError([new Error(`X-MBX-APIKEY: ${s}`)], "all failed")),
  planted("inspected object in a message", (s) => `cannot parse { apiKey: '${s}', n: 1 }`),
  // nested texts
  planted("JSON in a string", (s) => ({ body: json({ symbol: "BTCUSDT", apiSecret: s }) })),
  planted("JSON in JSON in a string", (s) => json({ body: json({ secret: `${s}"\\` }) })),
  planted("JSON three deep", (s) => json(json(json({ passphrase: s })))),
  planted("list under a secret name in a string", (s) => json({ passwords: [s, { a: s }], n: 1 })),
  planted("number under a secret name in a string", () => json({ pwd: 86_753_090 }), "86753090"),
  planted("headers as JSON", (s) => json(["X-MBX-APIKEY", s, "Accept", "*/*"])),
  planted("name and value as JSON", (s) => json([{ name: "Authorization", value: `Token ${s}` }])),
  planted("log line of fields", (s) => `level=error api_key=${s} symbol=BTCUSDT`),
  planted("header lines", (s) => `POST / HTTP/1.1\r\nHost: x\r\nCookie: sid=${s}; theme=dark\r\nAccept: */*`),
  planted("YAML", (s) => `exchange:\n  name: okx\n  passphrase: "${s}"\n`),
  planted("arrow", (s) => `{:api_secret=>"${s}"}`),
  // baggage and trace state
  planted("baggage", (s) => ({ baggage: `userId=alice,token=${s};ttl=1,strategy=basis` })),
  planted("baggage, encoded", (s) => ({ baggage: `meta=${encodeURIComponent(`apiKey=${s}`)},strategy=basis` })),
  // base64
  planted("JSON in base64", (s) => ({ payload: base64(json({ symbol: "BTCUSDT", apiKey: s })) })),
  planted("form in base64", (s) => `state ${base64url(`apiSecret=${s}&x=1`)} kept`),
  planted("JSON in base64 in a path", (s) => `GET /state/${base64url(json({ apiKey: s }))}/view`),
  planted("wallet seed of digits and letters", (s) => `seed=${s}`),
  { where: "PEM in base64", value: base64(PEM), canaries: [base64(PEM).slice(40, 80)] },
];
