// A message as a letter: plain text, and the same in simple HTML.
import { type CleanMessage, noteOf, rowsOf, titleOf } from "./clean-message.ts";
import { escapeHtml } from "./clean-text.ts";

/** Subject and both bodies. */
export interface EmailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes the letter. All texts of the message are one line each by now; HTML gets them escaped, and has no scripts, images or styles. */
export function toEmailText(message: CleanMessage): EmailText {
  const subject = titleOf(message);
  return { subject, text: toPlain(subject, message), html: toHtml(subject, message) };
}

function toPlain(subject: string, message: CleanMessage): string {
  const note = noteOf(message);
  return [
    subject,
    "",
    message.summary,
    ...message.lines.map((line) => `  - ${line}`),
    "",
    ...rowsOf(message).map(([name, value]) => `${name}: ${value}`),
    ...(message.link === undefined ? [] : ["", message.link]),
    ...(note === undefined ? [] : ["", note]),
    "",
  ].join("\n");
}

function toHtml(subject: string, message: CleanMessage): string {
  const note = noteOf(message);
  const rows = rowsOf(message).map(
    ([name, value]) => `<tr><th align="left">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  const lines = message.lines.map((line) => `<li>${escapeHtml(line)}</li>`);
  return [
    `<h3>${escapeHtml(subject)}</h3>`,
    `<p>${escapeHtml(message.summary)}</p>`,
    ...(lines.length === 0 ? [] : [`<ul>${lines.join("\n")}</ul>`]),
    `<table>${rows.join("\n")}</table>`,
    ...(message.link === undefined ? [] : [`<p><a href="${escapeHtml(message.link)}">Open the alert</a></p>`]),
    ...(note === undefined ? [] : [`<p><em>${escapeHtml(note)}</em></p>`]),
  ].join("\n");
}
