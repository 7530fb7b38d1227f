import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { makeCertificate } from "../../test/certificate.ts";
import { startReceiver } from "../../test/receivers.ts";
import { serviceAt } from "../../test/services.ts";
import { folderOf, tracebook } from "../../test/tracebook.ts";
import { readTlsTrust } from "./service-environment.ts";

const { cert } = makeCertificate();
const fileOf = (content: string) => join(folderOf({ "ca.pem": content }), "ca.pem");

describe("what a service is taken to trust", () => {
  it("is what this process trusts where its own environment is looked at", () => {
    const { trust, checks } = readTlsTrust({ NODE_EXTRA_CA_CERTS: fileOf(cert) }, true);
    expect([trust, checks]).toEqual([{ rejectUnauthorized: true, ca: undefined }, []]);
  });

  it("is what Node.js brings, and the authorities that its file names, where a file is looked at", () => {
    const file = fileOf(cert);
    const bundled = getCACertificates("bundled");
    expect(readTlsTrust({}, false).trust.ca).toEqual(bundled);
    expect(readTlsTrust({ NODE_EXTRA_CA_CERTS: file }, false).trust.ca).toEqual([
      ...bundled,
      readFileSync(file, "utf8"),
    ]);
  });

  it.each([{ NODE_USE_SYSTEM_CA: "1" }, { NODE_OPTIONS: "--no-warnings --use-system-ca" }])(
    "is what the system trusts, too, with %j",
    (env) => {
      const expected = [...getCACertificates("bundled"), ...getCACertificates("system")];
      expect(readTlsTrust(env, false).trust.ca).toEqual(expected);
    },
  );

  it.each([true, false])("is told to lack a file that is not there, or holds no certificate (own: %s)", (isOwn) => {
    const whatOf = (file: string) => readTlsTrust({ NODE_EXTRA_CA_CERTS: file }, isOwn).checks;
    expect(whatOf("/nowhere/ca.pem")).toMatchObject([
      { id: "tls_trust", status: "warning", what: expect.stringContaining("cannot be read (ENOENT)") },
    ]);
    for (const content of ["", "a key, perhaps", cert.replaceAll("-", "")])
      expect(whatOf(fileOf(content))).toMatchObject([
        { status: "warning", what: expect.stringContaining("holds no certificate (no -----BEGIN CERTIFICATE-----)") },
      ]);
    expect(whatOf(fileOf(cert.replaceAll(" CERTIFICATE", " TRUSTED CERTIFICATE")))).toEqual([]);
  });
});

it("the authorities of the shell are not those of the service whose file is looked at", async () => {
  const certificate = makeCertificate();
  const { url, received } = await startReceiver({}, certificate);
  const { file } = serviceAt(url);
  const shell = { env: { NODE_EXTRA_CA_CERTS: fileOf(certificate.cert) } };
  const { code, stdout } = await tracebook(["doctor", "--env", file], shell);
  expect([code, received]).toEqual([1, []]);
  expect(stdout).toContain("is self-signed");
});
