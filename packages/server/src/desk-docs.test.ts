import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ROUTES } from "./api/routes.ts";
import type { DeskSetting } from "./config-setting.ts";
import { DESK_SETTINGS } from "./config-settings.ts";
import { DESK_ERRORS } from "./errors.ts";
import { PROBLEMS } from "./http/problem.ts";

const PAGE = new URL("../../../docs/desk.md", import.meta.url);

/** What stands in the page, by the name of its marks. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  settings: [
    "| option | variable | what it takes | default |",
    "| --- | --- | --- | --- |",
    ...(Object.entries(DESK_SETTINGS) as [string, DeskSetting<unknown>][]).map(
      ([name, { variable, expected, fallback, toText }]) =>
        `| \`${name}\` | ${variable === undefined ? "" : `\`${variable}\``} | ${expected} | ${toText(fallback)} |`,
    ),
  ],
  routes: [
    "| route | answers |",
    "| --- | --- |",
    ...ROUTES.map(({ method, path, summary }) => `| \`${method.toUpperCase()} ${path}\` | ${summary} |`),
  ],
  problems: [
    "| `code` | status |",
    "| --- | --- |",
    ...Object.entries(PROBLEMS).map(([code, status]) => `| \`${code}\` | ${status} |`),
  ],
  errors: [
    "| `code` | what to do |",
    "| --- | --- |",
    ...Object.entries(DESK_ERRORS).map(([code, remedy]) => `| \`${code}\` | ${remedy} |`),
  ],
};

test("docs/desk.md holds the tables as they are (UPDATE_DOCS=1 writes them)", () => {
  let wanted = readFileSync(PAGE, "utf8");
  for (const [name, lines] of Object.entries(TABLES)) {
    const [start, end] = [`<!-- ${name}:start -->\n`, `<!-- ${name}:end -->`];
    const from = wanted.indexOf(start) + start.length;
    const to = wanted.indexOf(end);
    expect([name, from >= start.length, to >= from]).toEqual([name, true, true]);
    wanted = `${wanted.slice(0, from)}\n${lines.join("\n")}\n\n${wanted.slice(to)}`;
  }
  if (process.env.UPDATE_DOCS === "1") writeFileSync(PAGE, wanted);
  else expect(readFileSync(PAGE, "utf8")).toBe(wanted);
});
