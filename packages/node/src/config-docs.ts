// Writes the generated part of docs/configuration.md from the configuration table.
import { CONFIG_ERRORS } from "./config-error.ts";
import { SETTING_GROUPS, type Setting } from "./config-setting.ts";
import { ALL_SETTINGS, type NamedSetting } from "./config-table.ts";

const HEAD = [
  "| variables, highest first | option in code | value | default | what it does |",
  "| --- | --- | --- | --- | --- |",
];

/** The tables of settings, one for each group, and the table of errors, as Markdown that ends in a line break. */
export function renderConfigurationTables(): string {
  const groups = SETTING_GROUPS.flatMap((group) => {
    const rows = ALL_SETTINGS.filter(({ setting }) => setting.group === group).map(renderRow);
    return [`## ${group}`, "", ...HEAD, ...rows, ""];
  });
  const errors = Object.entries(CONFIG_ERRORS).map(([code, advice]) => `| \`${code}\` | ${toCell(advice)} |`);
  return [...groups, "## Errors", "", "| `code` | what to do |", "| --- | --- |", ...errors, ""].join("\n");
}

function renderRow({ name, inCode, setting }: NamedSetting): string {
  const variables = [...new Set(setting.variables.map((variable) => `\`${variable.name}\``))];
  const cells = [
    variables.join("<br>"),
    inCode ? `\`${name}\`` : "",
    renderValues(setting),
    setting.fallbackText,
    setting.doc,
  ];
  return `| ${cells.map(toCell).join(" | ")} |`;
}

/** What the setting is, and what those of its variables hold that are written in another way. */
function renderValues({ kind, variables }: Setting<unknown>): string {
  const others = variables.filter((variable) => variable.kind.expected !== kind.expected);
  return [kind.expected, ...others.map((variable) => `\`${variable.name}\`: ${variable.kind.expected}`)].join("<br>");
}

function toCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
