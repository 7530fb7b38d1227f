import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderConfigurationTables } from "./config-docs.ts";
import { SETTING_GROUPS } from "./config-setting.ts";
import { ALL_SETTINGS, VARIABLE_NAMES } from "./config-table.ts";

const PAGE = new URL("../../../docs/configuration.md", import.meta.url);
const MARK = "<!-- Below: generated";

test("docs/configuration.md says what the table says (UPDATE_DOCS=1 rewrites it)", () => {
  const page = readFileSync(PAGE, "utf8");
  const start = page.indexOf(MARK);
  expect(start, "the mark of the generated part").toBeGreaterThan(0);
  const written = page.slice(0, page.indexOf("\n", start) + 1);
  const expected = `${written}\n${renderConfigurationTables()}`;
  if (process.env.UPDATE_DOCS === "1") writeFileSync(PAGE, expected);
  else expect(page).toBe(expected);
});

test("every variable and every option stands in the tables", () => {
  const tables = renderConfigurationTables();
  for (const name of VARIABLE_NAMES) expect(tables).toContain(`\`${name}\``);
  for (const { name, inCode } of ALL_SETTINGS) if (inCode) expect(tables).toContain(`| \`${name}\` |`);
});

test("every setting stands under a heading and has its say in full sentences", () => {
  for (const { name, setting } of ALL_SETTINGS) {
    expect(SETTING_GROUPS, name).toContain(setting.group);
    expect(setting.doc, name).toMatch(/^[`A-Z/].*\.$/s);
    expect(setting.variables.length, name).toBeGreaterThan(0);
  }
});
