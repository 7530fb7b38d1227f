// A message as Slack takes it: blocks for people, a line of text for notifications.
import type { ChannelTarget } from "./channel.ts";
import { type CleanMessage, cleanMessage, noteOf, rowsOf, titleOf } from "./clean-message.ts";
import { cutText } from "./clean-text.ts";
import type { NotificationMessage } from "./notification-message.ts";

/** A text object of Block Kit. */
interface SlackText {
  readonly type: "mrkdwn" | "plain_text";
  readonly text: string;
  readonly verbatim?: boolean;
  readonly emoji?: boolean;
}

/** A block of Block Kit. */
interface SlackBlock {
  readonly type: "header" | "section" | "context";
  readonly text?: SlackText;
  readonly fields?: readonly SlackText[];
  readonly elements?: readonly SlackText[];
}

/** The body of chat.postMessage and of incoming webhooks. */
export interface SlackPayload {
  readonly channel?: string;
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly parse: "none";
  readonly link_names: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

// Block Kit reference, "Section block" (text 3,000, ten fields of 2,000 characters) and "Header block" (150).
const MAX_SECTION_UNITS = 3_000;
const MAX_FIELDS = 10;
const MAX_FIELD_UNITS = 2_000;
/** Blocks together may say some 12,000 characters; a digest uses a third of them. */
const MAX_DIGEST_SECTIONS = 2;

/** Makes the body. Nothing in the message's texts can mention anybody, make a link or leave its place. */
export function toSlackPayload(message: NotificationMessage, channel: ChannelTarget["channel"]): SlackPayload {
  const clean = cleanMessage(message);
  return {
    ...(channel === undefined ? {} : { channel }),
    text: cutText(`${escapeSlack(titleOf(clean))}: ${escapeSlack(clean.summary)}`, MAX_SECTION_UNITS),
    blocks: blocksOf(clean),
    // Without these, `@here` and `#channel` in a label would be links that call people.
    parse: "none",
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

function blocksOf(message: CleanMessage): SlackBlock[] {
  const facts = rowsOf(message);
  const blocks: SlackBlock[] = [
    { type: "header", text: { type: "plain_text", text: titleOf(message), emoji: false } },
    { type: "section", text: markdown(escapeSlack(message.summary) || "-", MAX_SECTION_UNITS) },
    ...digestBlocks(message.lines),
  ];
  const fields = facts
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => markdown(`*${escapeSlack(name)}*\n${escapeSlack(value)}`, MAX_FIELD_UNITS));
  if (fields.length > 0) blocks.push({ type: "section", fields });
  const rest = facts.slice(MAX_FIELDS).map(([name, value]) => `${escapeSlack(name)}=${escapeSlack(value)}`);
  const below = [
    ...(message.link === undefined ? [] : [`<${escapeSlack(message.link)}|Open the alert>`]),
    ...(rest.length === 0 ? [] : [rest.join(", ")]),
    ...(noteOf(message) === undefined ? [] : [noteOf(message)!]),
  ];
  if (below.length > 0)
    blocks.push({ type: "context", elements: below.map((text) => markdown(text, MAX_SECTION_UNITS)) });
  return blocks;
}

/** Sections of whole lines, and a count of those that found no room. */
function digestBlocks(lines: readonly string[]): SlackBlock[] {
  const sections: string[] = [];
  let used = 0;
  for (const line of lines.map((text) => `• ${escapeSlack(text)}`)) {
    const last = sections.at(-1);
    if (last !== undefined && last.length + line.length < MAX_SECTION_UNITS - 100)
      sections[sections.length - 1] = `${last}\n${line}`;
    else if (sections.length < MAX_DIGEST_SECTIONS) sections.push(line);
    else break;
    used++;
  }
  if (used < lines.length) sections[sections.length - 1] += `\n… and ${lines.length - used} more`;
  return sections.map((text) => ({ type: "section", text: markdown(text, MAX_SECTION_UNITS) }));
}

/** `verbatim`: Slack looks for no links, channels or people in it. */
function markdown(text: string, maxUnits: number): SlackText {
  return { type: "mrkdwn", text: cutEscaped(text, maxUnits), verbatim: true };
}

/** Slack's three characters with a meaning ("Formatting text for app surfaces", "Escaping text"): `<!channel>` becomes text. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Cuts without leaving half of an `&amp;` at the end. */
function cutEscaped(text: string, maxUnits: number): string {
  return text.length <= maxUnits ? text : cutText(text, maxUnits).replace(/&[a-z]{0,3}…$/, "…");
}
