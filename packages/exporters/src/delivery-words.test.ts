// Secrets of a URL, and secrets that were cut through: not shown, however they are quoted.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainDeliveryFailure } from "./delivery-failure.ts";
import { createHider, secretsOfUrl, showUrl } from "./delivery-words.ts";

const URL_OF_ALL = "https://collector:4318/v1/traces";

describe("secretsOfUrl", () => {
  it("has what is not shown of a URL, encoded and decoded", () => {
    const secrets = secretsOfUrl("https://bot:p%40ss@collector/sk9AbCdEfGh0123456789/v1/traces?key=a%2Fb%3Dc&flag");
    expect(secrets).toEqual(
      expect.arrayContaining(["bot", "p%40ss", "p@ss", "sk9AbCdEfGh0123456789", "a%2Fb%3Dc", "a/b=c", "flag"]),
    );
    expect(secrets).not.toContain("v1");
    expect(secrets).not.toContain("traces");
    expect(secretsOfUrl(URL_OF_ALL)).toEqual([]);
  });

  it("takes what is no URL, or badly encoded, as it is", () => {
    expect(secretsOfUrl("collector")).toEqual([]);
    expect(secretsOfUrl(`${URL_OF_ALL}?key=%E0%A4%A`)).toContain("%E0%A4%A");
  });

  it("leaves nothing of them in what a receiver says, in whichever form it repeats them", () => {
    const secret = fc
      .stringMatching(/^[A-Za-z0-9/+=@ ]{12,40}$/)
      .filter((text) => /\d/.test(text) && text.length >= 16);
    const forms = [
      (text: string) => text,
      encodeURIComponent,
      (text: string) => new URLSearchParams({ k: text }).toString(),
    ];
    fc.assert(
      fc.property(secret, fc.constantFrom(...forms), fc.boolean(), (text, form, isInPath) => {
        const encoded = encodeURIComponent(text);
        const url = isInPath ? `https://collector/${encoded}/v1/traces` : `${URL_OF_ALL}?k=${encoded}`;
        const { what } = explainDeliveryFailure({
          url,
          protocol: "http/protobuf",
          status: 401,
          message: `no: ${form(text)} !`,
        });
        for (const part of [text.trim(), encoded]) expect(what).not.toContain(part);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a secret that was cut through by whoever shortened the text", () => {
  const secret = `sk-${"AbC0".repeat(40)}`;

  it.each([8, 40, 100, secret.length - 1])("is not shown: its first %d characters", (units) => {
    const hide = createHider([`Bearer ${secret}`]);
    for (const end of ["", "..."])
      expect(hide(`the key ${secret.slice(0, units)}${end}`, 512)).toBe(`the key ***${end}`);
  });

  it("is not seen where a text ends in the same few letters by accident", () => {
    expect(createHider(["token-of-mine"])("there is no token", 512)).toBe("there is no token");
  });
});

describe("showUrl", () => {
  it("masks the path as it masks the place", () => {
    const { path, place } = showUrl("http://collector:4318/sk9AbCdEfGh0123456789/v1/logs?key=1", createHider());
    expect([path, place]).toEqual(["/***/v1/logs", "http://collector:4318/***/v1/logs?***"]);
  });
});
