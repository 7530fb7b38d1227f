// What an SMTP error means for a letter: later, or never.
import type { ChannelAnswer } from "./channel.ts";
import type { SecretHider } from "./hidden-secrets.ts";

/** Codes of nodemailer after which the same letter fails again, until somebody corrects the settings. */
const LASTING_CODES: ReadonlySet<string> = new Set(["EAUTH", "ENOAUTH", "EENVELOPE", "EMESSAGE"]);

/** Reads an error: 4xx and a lost connection pass, 5xx and refused credentials do not (RFC 5321, 4.2.1). */
export function toSmtpOutcome(error: unknown, words: SecretHider, hasLeft: boolean): ChannelAnswer {
  const { message, code, responseCode } = error as { message?: unknown; code?: unknown; responseCode?: unknown };
  const said = words(typeof message === "string" ? message : String(error));
  if (typeof responseCode === "number" && responseCode >= 400)
    return responseCode >= 500 ? { kind: "refused", words: said } : { kind: "retry", words: said };
  if (typeof code === "string" && LASTING_CODES.has(code)) return { kind: "refused", words: said };
  return { kind: "retry", words: said, mayHaveArrived: hasLeft || undefined };
}
