// Words of others as they may be shown: without our secrets, one short line.
import { createRedactor } from "@tracebook/core";
import { toCleanLine } from "./clean-text.ts";

/** Takes secrets out of a text and makes one line of it, of at most 500 UTF-16 units. */
export type SecretHider = (text: string) => string;

const HIDDEN = "***";
const MAX_UNITS = 500;
/** So much is looked at: far more than is shown, so that a secret at the cut is found whole. */
const LOOKED_UNITS = 32_768;
/** Shorter ones are no secrets, and hiding them would leave nothing readable. */
const LEAST_UNITS = 4;

/** Makes a hider of the given secrets, as they are, percent-encoded and in base64, and of whatever looks like a secret. */
export function createSecretHider(secrets: readonly (string | undefined)[]): SecretHider {
  const redactor = createRedactor();
  const known = secrets
    .filter((secret) => secret !== undefined && secret.length >= LEAST_UNITS)
    .flatMap((secret) => [secret!, encodeURIComponent(secret!), Buffer.from(secret!).toString("base64")])
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let shown = text.slice(0, LOOKED_UNITS);
    for (const secret of known) shown = shown.replaceAll(secret, HIDDEN);
    return toCleanLine(redactor.text(shown.toWellFormed()), MAX_UNITS);
  };
}
