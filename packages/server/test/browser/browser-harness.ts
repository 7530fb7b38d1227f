// Real Chromium on a real desk with a real store: what the tests of the page begin with.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { type Desk, type DeskOptions, openDesk } from "../../src/index.ts";
import { CHROMIUM_FLAGS, findChromium } from "../chromium.ts";

const CHROMIUM = findChromium();

/** What a test of the page works with. */
export interface DeskPage {
  readonly desk: Desk;
  readonly page: Page;
  /** What the page has said on its console as an error, and what it could not load. */
  readonly complaints: readonly string[];
}

/** Options of a page. */
export interface PageOptions {
  /** The path and query that are opened. Default `/`. */
  readonly path?: string;
  readonly theme?: "dark" | "light";
  readonly width?: number;
  readonly height?: number;
}

/** What `describePage` gives to its tests. */
export interface PageTools {
  readonly desk: Desk;
  /** Opens a page of its own, with a session of its own; closed after all tests. */
  open(options?: PageOptions): Promise<DeskPage>;
}

/**
 * Tests of the page: one browser and one desk for all of them. `fill` writes the known data, by `desk.store`. Skipped where there is no
 * Chromium (`CHROMIUM` names another path).
 */
export function describePage(
  name: string,
  fill: (desk: Desk) => Promise<void>,
  tests: (tools: PageTools) => void,
  options: DeskOptions = {},
): void {
  describe.skipIf(CHROMIUM === undefined)(name, () => {
    let browser: Browser | undefined;
    let desk: Desk | undefined;
    const contexts: BrowserContext[] = [];
    const dir = mkdtempSync(join(tmpdir(), "tracebook-page-"));

    beforeAll(async () => {
      desk = await openDesk({ path: join(dir, "telemetry.db"), port: 0, onLine: () => {}, ...options });
      await fill(desk);
      browser = await chromium.launch({ executablePath: CHROMIUM as string, args: [...CHROMIUM_FLAGS] });
    });

    afterAll(async () => {
      for (const context of contexts) await context.close();
      await browser?.close();
      await desk?.close();
      rmSync(dir, { recursive: true, force: true });
    });

    tests({
      get desk() {
        return desk as Desk;
      },
      async open({ path = "/", theme = "dark", width = 1440, height = 900 } = {}) {
        const context = await (browser as Browser).newContext({
          viewport: { width, height },
          colorScheme: theme,
          reducedMotion: "reduce",
          serviceWorkers: "block",
        });
        contexts.push(context);
        const page = await context.newPage();
        const complaints = listen(page);
        await page.goto(new URL(path, (desk as Desk).url).href);
        return { desk: desk as Desk, page, complaints };
      },
    });
  });
}

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    // A page that is left, and a question that is no longer of interest, end their requests themselves.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`${request.url()}: not loaded`);
  });
  return complaints;
}
