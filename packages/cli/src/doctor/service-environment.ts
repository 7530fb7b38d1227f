// The environment that is looked at: that of this process, or what a file gives a service.
import { readFileSync, statSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { parseEnv } from "node:util";
import { CliError } from "../cli-error.ts";
import type { Check } from "./check.ts";

/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What TLS connections trust. */
export interface TlsTrust {
  /** False as the environment wants it: then any certificate will do. */
  readonly rejectUnauthorized: boolean;
  /** Undefined: what Node.js trusts by itself. */
  readonly ca: string[] | undefined;
}

const MOST_BYTES = 1_048_576;

/** Reads a file of `NAME=value` lines, in the form of `node --env-file`. Throws `CliError` for one that cannot be read. */
export function readEnvFile(path: string): Variables {
  try {
    const facts = statSync(path);
    if (!facts.isFile()) throw new CliError(`${path} is no file`);
    if (facts.size > MOST_BYTES) throw new CliError(`${path} is larger than 1 MiB: that is no file of variables`);
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code ?? "unknown error"})`;
    throw new CliError(`${path} ${why}`, "Give the file of the service's variables: --env FILE");
  }
}

/**
 * What a service with these variables trusts. Node.js reads them at its start: for this process that has happened; for a service whose
 * file is looked at (`isOwn` false) it is done here, and what the shell of this process adds counts for nothing.
 */
export function readTlsTrust(env: Variables, isOwn: boolean): { trust: TlsTrust; checks: Check[] } {
  const rejectUnauthorized = env["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0";
  const checks: Check[] = rejectUnauthorized ? [] : [ANY_CERTIFICATE];
  const extra = readExtraAuthorities(env["NODE_EXTRA_CA_CERTS"]);
  if ("what" in extra) checks.push({ ...NO_AUTHORITIES, what: extra.what });
  if (isOwn) return { trust: { rejectUnauthorized, ca: undefined }, checks };
  const isSystem =
    env["NODE_USE_SYSTEM_CA"] === "1" || /(?:^|\s)--use-system-ca(?:\s|$)/.test(env["NODE_OPTIONS"] ?? "");
  const ca = [
    ...getCACertificates("bundled"),
    ...(isSystem ? getCACertificates("system") : []),
    ...("pem" in extra ? extra.pem : []),
  ];
  return { trust: { rejectUnauthorized, ca }, checks };
}

/** The content of the file that NODE_EXTRA_CA_CERTS names, if it does, or what is wrong with it. */
function readExtraAuthorities(file: string | undefined): { readonly pem: string[] } | { readonly what: string } {
  if (file === undefined || file === "") return { pem: [] };
  try {
    const pem = readFileSync(file, "utf8");
    if (/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(pem)) return { pem: [pem] };
    return { what: "the file that NODE_EXTRA_CA_CERTS names holds no certificate (no -----BEGIN CERTIFICATE-----)" };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "unknown error";
    return { what: `the file that NODE_EXTRA_CA_CERTS names cannot be read (${why})` };
  }
}

const ANY_CERTIFICATE: Check = {
  id: "tls_trust",
  subject: "TLS",
  status: "warning",
  what: "NODE_TLS_REJECT_UNAUTHORIZED=0: any certificate is taken, also that of an attacker",
  remedy: "unset it, and trust the receiver's authority by NODE_EXTRA_CA_CERTS=/path/to/ca.pem",
};

const NO_AUTHORITIES: Check = {
  id: "tls_trust",
  subject: "TLS",
  status: "warning",
  what: "",
  remedy: "name a file of certificates in PEM; Node.js starts without this one, and trusts nothing in it",
};
