import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretKeys } from "./secret-keys.ts";

const keys = createSecretKeys();
const names = (text: string): string[] => text.trim().split(/\s+/);

describe("names", () => {
  it.each(
    names(`apiKey api_key API-KEY APIKEY apikey aPiKeY api.key apiKey2 X-MBX-APIKEY OK-ACCESS-KEY OK-ACCESS-SIGN OK-ACCESS-PASSPHRASE
    OK-ACCESS-TIMESTAMP KC-API-KEY KC-API-SIGN KC-API-PASSPHRASE KC-API-PARTNER X-BAPI-SIGN X-BAPI-API-KEY CB-ACCESS-KEY CB-ACCESS-SIGN
    CB-ACCESS-PASSPHRASE API-Sign API-Key ACCESS-SIGN bfx-signature x-phemex-access-token POLY_PASSPHRASE secret client_secret clientSecret
    apiSecret secretKey aws_secret_access_key passphrase signature sig authSig token access_token refreshToken id_token x-auth-token botToken
    csrf-token authorization Authorization Proxy-Authorization cookie Set-Cookie privateKey private_key PRIVATEKEY mnemonic seed walletSeed
    seed_phrase jwt listenKey listen_key password passwd PWD user[password] binance.api.secret http.request.header.x_mbx_apikey
    trading.api_key db_password sshKey signing_key xprv otp connectionString credentials`),
  )("that hold secrets are known: %s", (name) => {
    expect(keys.classOf(name)).toBeGreaterThanOrEqual(2);
  });

  it.each(
    names(`token_id tokenId yes_token no_token client_order_id clientOrderId design design_id seeded seeds significance max_tokens tokens token0
    token1 base_token tokenAddress token_type random_seed rngSeed seed_price signature_type secretary sigma sig_figs X-Bapi-Limit-Status
    X-MBX-USED-WEIGHT signal signed author authority pass passed passenger compass assign api-key.ts secret.js token.ts password_length
    token_expires_at monkey turkey keyboard tokenize bid_token order_signal cooking basket passive bypass symbol gross_edge public_key
    idempotency_key pool_key routing-key skew task desk risk 价格 __proto__ constructor`),
  )("that hold none are left alone: %s", (name) => {
    expect(keys.classOf(name)).toBe(0);
  });

  it.each(names("key sign my_key account_key auth pk privKeyRef_key"))(
    "that may hold one are suspicious: %s",
    (name) => {
      expect(keys.classOf(name)).toBeGreaterThanOrEqual(1);
    },
  );

  it("are the same in every case and with any separators", () => {
    const separator = fc.constantFrom("", "_", "-", ".", " ", ":");
    const word = fc.constantFrom(
      ...["api key", "private key", "client secret", "listen key", "pass phrase", "access token"],
    );
    const cased = fc.constantFrom(
      (text: string) => text.toUpperCase(),
      (text: string) => text.toLowerCase(),
      (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1),
    );
    fc.assert(
      fc.property(word, separator, cased, (text, between, change) => {
        expect(keys.classOf(text.split(" ").map(change).join(between))).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it("of any kind get an answer, the same whether it was kept or worked out again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        expect(keys.classOf(name)).toBe(createSecretKeys().classOf(name));
      }),
    );
    const many = createSecretKeys();
    for (let i = 0; i < 10_000; i++) expect(many.classOf(`key${i}_secret`)).toBe(3);
  });

  it("of a megabyte are read at both ends", () => {
    expect(keys.classOf(`${"x".repeat(1_000_000)}_api_key`)).toBe(3);
    expect(keys.classOf(`api_key_${"x".repeat(1_000_000)}`)).toBe(3);
    expect(keys.classOf("x".repeat(1_000_000))).toBe(0);
  });
});
