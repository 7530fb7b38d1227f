// Which names hold secrets: a deny-list that knows neither case nor separators, and the innocent names that look like it.

/**
 * What a name says about its value. The order is the order of severity.
 *
 * 0: nothing. 1: the value may be a key; only what looks like key material is replaced. 2: a secret, but the word is common in prose
 * (`token: unexpected`). 3: a secret. 4: a secret that may hold spaces (`authorization`, `cookie`, `mnemonic`).
 */
export type KeyClass = 0 | 1 | 2 | 3 | 4;

/** Looks names up. */
export interface SecretKeys {
  /** The class of a name, in any spelling. Cost: a map lookup for a name seen before, some microseconds for a new one. */
  classOf(key: string): KeyClass;
}

// Secret wherever they stand in a name, once case and separators are gone; all are long enough not to appear by accident.
const STEMS =
  /apikey|apisecret|apisign|secret|passphrase|passwo?r?d|passcode|signature|authori[sz]ation|cookie|privatekey|privkey|mnemonic|seedphrase|seedwords|recoveryphrase|listenkey|accesskey|accesssign|accesstoken|refreshtoken|authtoken|bearertoken|sessiontoken|signingkey|encryptionkey|masterkey|sshkey|hmackey|credential|connectionstring/;
const NOT_SECRET = /secretar|secreti(?:on|ve)|cookieless/;
// Every header of a venue that signs its requests; the limits they answer with are not secret.
const VENUE_HEADERS = /^(?:x?okaccess|x?kcapi|xbapi(?!limit)|x?cbaccess)/;
const WORDS = new Set(["jwt", "jwts", "pwd", "bearer", "hmac", "otp", "totp", "xprv", "authsig"]);
// Words that sentences use with a colon behind them.
const COMMON_WORDS = new Set(["signature", "signatures", "secrets", "credentials"]);
const SPACED = /authori[sz]ation|cookie|mnemonic|seedphrase|seedwords|recoveryphrase/;

// A name that ends in one of these says something about a secret, not the secret: `signature_type`, `secret_name`, `api-key.ts:10`.
const DESCRIBERS = new Set(
  `count counts length len size name names type types kind version valid verified ok present missing required enabled status state method
  algorithm alg scheme expires expiry expiration age ttl error errors policy format consent index
  ts js mjs cjs mts cts tsx jsx py go rs`.split(/\s+/),
);

// In trading a token is mostly an asset (`yes_token`, `base_token`): it is a credential alone, or after one of these.
const TOKEN_OWNERS = new Set(
  `x access refresh auth api bearer session csrf xsrf id bot jwt user login security device client service oauth vault telegram slack discord
  github gitlab npm webhook push fcm sso saml private personal admin root deploy influx grafana sentry registration verification reset invite
  account socket ws listen signing my app hf gh pat`.split(/\s+/),
);
// Seeds of chance are not wallets.
const CHANCE = new Set(
  "random rng prng sim simulation market test fuzz shuffle numpy np torch price data replay".split(" "),
);
const SEED_FORMS = new Set("hex bytes key base64 words phrase".split(" "));
// Words that make of a `..._key` something that identifies, not something that opens.
const OPEN_KEYS = new Set(
  `public pub idempotency routing partition cache primary foreign sort hash range pool market position order condition object storage row map
  group index dedup message event asset i18n translation json`.split(/\s+/),
);
const SUSPICIOUS = new Set("key keys sign auth pk sk priv private keystore wif session sid".split(" "));

// No name without one of these is a secret: most names are settled here.
const HINT =
  /sec|pass|pwd|key|tok|sig|auth|cook|jwt|seed|mnem|priv|cred|otp|hmac|bear|conn|acc|kc|bapi|wif|xprv|recov|sk|pk|ses|sid/i;

/** True for a number under a name that ends in `seed`: the seed of a simulation, which a replay needs; no wallet has such a short one. */
export function isPlainSeed(key: string, value: unknown): boolean {
  return /seed$/i.test(key) && (typeof value === "number" || (typeof value === "string" && /^\d{1,15}$/.test(value)));
}

const CACHED_NAMES = 2048;
// Longer names are read at both ends only: nobody names a secret in the middle of a novel.
const READ_UNITS = 128;

/** Makes a lookup; `extra` names are secrets too, in any case and with any separators. Throws a TypeError for names without a letter or digit. */
export function createSecretKeys(extra: readonly string[] = []): SecretKeys {
  const own = new Set(extra.map(ownName));
  const known = new Map<string, KeyClass>();
  return {
    classOf(key) {
      const cached = known.get(key);
      if (cached !== undefined) return cached;
      const found = own.size === 0 && !HINT.test(key) ? 0 : classify(key, own);
      // Names are few unless somebody makes them up; then the memory stays bounded and the old ones are learned again.
      if (known.size >= CACHED_NAMES) known.clear();
      if (key.length <= READ_UNITS) known.set(key, found);
      return found;
    },
  };
}

function ownName(name: unknown): string {
  const compact = typeof name === "string" ? name.toLowerCase().replace(/[^a-z0-9]/g, "") : "";
  if (compact.length < 2 || compact.length > READ_UNITS) {
    throw new TypeError(
      `keys holds ${JSON.stringify(name)}; each must be a name with 2 to ${READ_UNITS} letters or digits`,
    );
  }
  return compact;
}

function classify(key: string, own: ReadonlySet<string>): KeyClass {
  const read = key.length <= READ_UNITS * 2 ? key : `${key.slice(0, READ_UNITS)}_${key.slice(-READ_UNITS)}`;
  const words = wordsOf(read);
  if (words.length === 0) return 0;
  const compact = words.join("");
  if (own.size > 0 && hasRun(words, own)) return 3;
  const last = words.at(-1) as string;
  if (describes(words)) return 0;
  if (VENUE_HEADERS.test(compact)) return 3;
  if (STEMS.test(compact) && !NOT_SECRET.test(compact)) {
    if (SPACED.test(compact)) return 4;
    return COMMON_WORDS.has(compact) ? 2 : 3;
  }
  if (words.some((word) => WORDS.has(word))) return 3;
  return classifyLast(words, last);
}

/** The words whose meaning depends on the word before them. */
function classifyLast(words: readonly string[], last: string): KeyClass {
  const before = words.at(-2);
  if (last === "sig") return 2;
  if (last === "seed" || (before === "seed" && SEED_FORMS.has(last)))
    return before !== undefined && CHANCE.has(before) ? 0 : 2;
  if (last === "token" || last === "tokens") {
    if (before === undefined) return last === "token" ? 2 : 0;
    return TOKEN_OWNERS.has(before) ? 3 : 0;
  }
  if (SUSPICIOUS.has(last)) return before !== undefined && OPEN_KEYS.has(before) ? 0 : 1;
  return 0;
}

function describes(words: readonly string[]): boolean {
  const last = words.at(-1) as string;
  if (DESCRIBERS.has(last)) return words.length > 1;
  // `token_expires_at`, `secret_age_ms`
  return (
    words.length > 2 &&
    last.length <= 7 &&
    /^(?:at|in|ms|s|sec|seconds|days)$/.test(last) &&
    DESCRIBERS.has(words.at(-2) as string)
  );
}

/** The words of a name, lower-case: `apiKey`, `API_KEY`, `X-API-Key` and `api.key2` all have `api` and `key`. */
function wordsOf(key: string): string[] {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  const words = spaced.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  // `api_key_2` and `apiKey2` are api keys; `token0` and `seed1` are none, so only a number after a long word goes.
  return words.map((word) =>
    /^[a-z]+\d{1,2}$/.test(word) && !/^(?:token|seed|sig|key)\d/.test(word) ? word.replace(/\d+$/, "") : word,
  );
}

/** True when some words in a row make one of `names`. */
function hasRun(words: readonly string[], names: ReadonlySet<string>): boolean {
  for (let from = 0; from < words.length; from++) {
    let joined = "";
    for (let to = from; to < words.length && joined.length <= READ_UNITS; to++) {
      joined += words[to];
      if (names.has(joined)) return true;
    }
  }
  return false;
}
