import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundValue } from "./bound-value.ts";
import { createRedactor } from "./redaction.ts";
import { INNOCENT_TEXTS } from "./testdata/innocent-values.ts";
import { PLANTED_SECRETS } from "./testdata/planted-secrets.ts";

const redactor = createRedactor();

const SECRET_NAMES = [
  "apiKey",
  "X-MBX-APIKEY",
  "client_secret",
  "passphrase",
  "OK-ACCESS-SIGN",
  "PASSWORD",
  "private_key",
  "listenKey",
];
const secretName = fc.constantFrom(...SECRET_NAMES);
const canary = fc.stringMatching(/^cAn4ry[A-Za-z0-9+/]{6,40}$/);

// Pieces of which hostile texts are made: separators, quotes, escapes, beginnings of secrets, marks.
const piece = fc.oneof(
  fc.constantFrom(..."=:&?/\\\"'`{}[](),;|<>%@ \n\t#.-_+".split("")),
  fc.constantFrom(
    "://",
    "%3D",
    "%22",
    '\\"',
    "-----BEGIN ",
    "-----END x-----",
    "Bearer ",
    "Basic ",
    "--",
    "eyJ",
    "[REDACTED]",
    "%253D",
  ),
  fc.constantFrom(
    ...SECRET_NAMES,
    "token",
    "key",
    "seed",
    "cookie",
    "sig",
    "authorization",
    "symbol",
    "null",
    "4bf92f3577b34da6",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.base64String({ minLength: 24, maxLength: 80 }),
);
const pieces = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));

describe("for every text", () => {
  it("redacting never throws, and comes to rest however torn the text is", () => {
    fc.assert(
      fc.property(pieces, (text) => {
        const rounds = [text];
        for (let i = 0; i < 4; i++) rounds.push(redactor.text(rounds[i] as string));
        expect(rounds[4]).toBe(rounds[3]);
      }),
      { numRuns: 20_000 },
    );
  });

  it("redacting again changes nothing in texts as people write them", () => {
    const planted = PLANTED_SECRETS.map(({ value }) => value).filter((value) => typeof value === "string");
    const sentence = fc.constantFrom(...planted, ...INNOCENT_TEXTS);
    fc.assert(
      fc.property(fc.array(sentence, { maxLength: 5 }), fc.constantFrom("\n", " | ", "\r\n"), (texts, between) => {
        const once = redactor.text(texts.join(between));
        expect(redactor.text(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it("without letters there is nothing to redact", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789=:&?/{}[]\",'. -+") }), (text) => {
        expect(redactor.text(text)).toBe(text);
      }),
    );
  });
});

describe("for every secret under a secret name", () => {
  it("nothing of it is left in JSON, however often that was put into a string", () => {
    const around = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.integer(), fc.string(), fc.boolean()));
    fc.assert(
      fc.property(
        secretName,
        canary,
        around,
        around,
        fc.nat(3),
        fc.string(),
        (name, secret, before, after, depth, tail) => {
          let text = JSON.stringify({ ...before, nested: [{ ...before, [name]: secret + tail, ...after }] });
          for (let i = 0; i < depth; i++) text = JSON.stringify(depth % 2 === 0 ? { body: text } : text);
          expect(redactor.text(text)).not.toContain(secret);
          expect(JSON.stringify(boundValue(JSON.parse(text), { redactor }))).not.toContain(secret);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("nothing of it is left in query strings, forms and header lines, and the neighbours are", () => {
    const key = fc.constantFrom("symbol", "side", "timestamp", "recvWindow");
    const value = fc.stringMatching(/^[A-Z0-9.]{1,12}$/);
    fc.assert(
      fc.property(secretName, canary, key, value, fc.nat(2), (name, secret, other, kept, times) => {
        let encoded = secret;
        for (let i = 0; i < times; i++) encoded = encodeURIComponent(encoded);
        const query = redactor.text(`https://x.io/a?${other}=${kept}&${name}=${encoded}&${other}=${kept}`);
        expect(query).toBe(`https://x.io/a?${other}=${kept}&${name}=[REDACTED]&${other}=${kept}`);
        const lines = redactor.text(`${other}: ${kept}\r\n${name}: ${secret}\r\n${other}: ${kept}`);
        expect(lines).toBe(`${other}: ${kept}\r\n${name}: [REDACTED]\r\n${other}: ${kept}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("JSON stays JSON, and all other members stay as they were", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(secretName, json, fc.integer(), (name, secret, n) => {
        const redacted = JSON.parse(redactor.text(JSON.stringify({ n, [name]: secret, last: [n] }))) as Record<
          string,
          unknown
        >;
        expect(redacted.n).toBe(n);
        expect(redacted.last).toEqual([n]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("for every id", () => {
  it("UUIDs, hashes, numbers, addresses and decimals are kept in sentences and under their names", () => {
    const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
    const id = fc.oneof(
      fc.uuid(),
      hex(64),
      hex(64).map((digits) => `0x${digits}`),
      hex(40).map((digits) => `0x${digits}`),
      hex(32),
      hex(16),
      fc.bigInt({ min: 0n, max: 10n ** 77n }).map(String),
      fc.ulid(),
    );
    fc.assert(
      fc.property(id, (value) => {
        for (const text of [value, `order ${value} was filled`, `id=${value}&x=1`, `{"orderId":"${value}"}`]) {
          expect(redactor.text(text)).toBe(text);
        }
        const record = { client_order_id: value, tx_hash: value, token_id: value, trace_id: value };
        expect(boundValue(record, { redactor })).toEqual(record);
      }),
      { numRuns: 5000 },
    );
  });
});
