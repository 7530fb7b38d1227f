// The dashboards that lie in the repository are those the code makes, and Grafana can take them.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { collectorPath } from "../collector-path.ts";
import { dashboardFiles, dashboards } from "./dashboard-files.ts";
import { type DashboardJson, type PanelJson, panelsOf } from "./panel-queries.ts";

const files = dashboardFiles();
const all = Object.entries(dashboards() as Record<string, DashboardJson>);

describe.each(files.map(({ path, text }) => [path, text] as const))("%s", (path, text) => {
  it("is what the code makes: node --conditions=@tracebook/source collector/src/write.ts", () => {
    expect(readFileSync(collectorPath(path), "utf8")).toBe(text);
  });
});

describe.each(all)("the dashboard %s", (_name, dashboard) => {
  const panels = panelsOf(dashboard);

  it("has a title, a short stable uid, tags, a refresh of 10 s, and the viewer's time zone", () => {
    expect(dashboard).toMatchObject({ refresh: "10s", timezone: "browser", editable: true, schemaVersion: 42 });
    expect(dashboard.title).toMatch(/^[A-Z]/);
    expect(dashboard.uid).toMatch(/^tracebook-[a-z]{1,30}$/);
    expect((dashboard as { tags?: string[] }).tags).toContain("tracebook");
  });

  it("gives every panel a title, a unit, words for no data, and a description of what it means and what to do", () => {
    for (const { title, description, fieldConfig } of panels) {
      expect(title, title).toMatch(/^\S.{2,59}$/);
      expect(description, title).toMatch(/^.{20,}\n\n\*\*When it is bad:\*\* .{20,}/);
      expect(fieldConfig?.defaults.unit, title).toMatch(/\S/);
      expect(fieldConfig?.defaults.noValue, title).toMatch(/\S/);
    }
  });

  it("numbers panels and rows without a double, each row from its own hundred", () => {
    const rows = (dashboard.panels ?? []).filter(({ type }) => type === "row");
    const ids = [...rows, ...panels].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(rows.map(({ id }) => id)).toEqual(rows.map((_, at) => (at + 1) * 100));
  });

  it("lays panels out in 24 columns without overlap or holes to the left", () => {
    const placed = (dashboard.panels ?? []).flatMap((panel) => [panel, ...(panel.panels ?? [])]);
    for (const panel of placed) {
      const { x, w } = placeOf(panel);
      expect(x >= 0 && w > 0 && x + w <= 24, panel.title).toBe(true);
    }
    for (const list of [dashboard.panels ?? [], ...rowsOf(dashboard)])
      for (const [at, panel] of list.entries())
        for (const other of list.slice(at + 1))
          expect(overlap(panel, other), `${panel.title} / ${other.title}`).toBe(false);
  });

  it("fills its lines to the right edge", () => {
    const ends = new Map<number, number>();
    for (const panel of panels) {
      const { x, y, w } = placeOf(panel);
      ends.set(y, Math.max(ends.get(y) ?? 0, x + w));
    }
    expect([...new Set(ends.values())]).toEqual([24]);
  });

  it("asks for data sources that may be chosen, by default those that are provisioned", () => {
    const sources = (dashboard.templating.list ?? []).filter(({ type }) => type === "datasource");
    const found = new Map(
      sources.map(({ name, ...rest }) => [name, (rest as { current?: { value?: string } }).current?.value]),
    );
    for (const [name, value] of found) expect(value).toBe(name);
    const used = [...new Set(JSON.stringify(dashboard).match(/"uid":"\$\{\w+\}"/g))].map((text) => text.slice(9, -2));
    expect([...found.keys()].sort()).toEqual(used.sort());
  });
});

it("links every dashboard to the others, and their uids differ", () => {
  expect(new Set(all.map(([, { uid }]) => uid)).size).toBe(all.length);
  for (const [, dashboard] of all)
    expect((dashboard as { links?: unknown }).links).toMatchObject([
      { type: "dashboards", tags: ["tracebook"], includeVars: true, keepTime: true },
    ]);
});

it("hides neither links nor moments in a menu: without a place of their own they stand above the panels", () => {
  for (const [name, { annotations, ...dashboard }] of all)
    for (const shown of [...((dashboard as { links?: object[] }).links ?? []), ...(annotations.list ?? [])])
      expect(shown, name).not.toHaveProperty("placement");
});

it("leads from a panel to dashboards that exist", () => {
  const uids = all.map(([, { uid }]) => uid);
  const targets = [...JSON.stringify(all).matchAll(/\/d\/([\w-]+)\?/g)].map(([, uid]) => uid);
  expect(targets.length).toBeGreaterThan(3);
  for (const uid of targets) expect(uids).toContain(uid);
});

it("carries the names of another application where it is told so", () => {
  const text = JSON.stringify(dashboards({ prefix: "basis_", signalPrefix: "webhook_" }));
  expect(text).toContain("basis_realised_pnl_total_usd");
  expect(text).toContain("webhook_signals_ingested_total");
  expect(text).not.toMatch(/tvtelegrambingx_|tradingview_/);
});

function rowsOf(dashboard: DashboardJson): (readonly PanelJson[])[] {
  return (dashboard.panels ?? []).map(({ panels }) => panels ?? []);
}

function placeOf({ gridPos, title }: PanelJson) {
  if (gridPos === undefined) throw new Error(`${title} has no place`);
  return gridPos;
}

function overlap(one: PanelJson, other: PanelJson): boolean {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
