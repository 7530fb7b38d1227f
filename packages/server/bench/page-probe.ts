// What runs within the page: it is handed over as text, so that each function knows nothing but what is in it.

/** The part of the browser that is used; the page's own types are not this package's. */
interface Browser {
  probe: Probe;
  readonly document: { querySelectorAll(selector: string): Iterable<{ readonly id: string }> };
  readonly MutationObserver: new (
    onChange: () => void,
  ) => { observe(target: unknown, options: Readonly<Record<string, unknown>>): void; disconnect(): void };
  readonly PerformanceObserver: new (
    onEntries: (list: { getEntries(): readonly PageEntry[] }) => void,
  ) => { observe(options: { readonly type: string; readonly buffered?: boolean }): void; disconnect(): void };
  requestAnimationFrame(onFrame: (atMs: number) => void): void;
}

/** An entry of the performance timeline. */
interface PageEntry {
  readonly name: string;
  readonly startTime: number;
  readonly duration: number;
  readonly encodedBodySize?: number;
  readonly decodedBodySize?: number;
  readonly transferSize?: number;
}

/** Where the functions keep what they have seen. */
interface Probe {
  stopRows?: () => SeenRows;
  stopFrames?: () => SeenFrames;
  load?: { lcp: PageEntry[]; files: PageEntry[]; paints: PageEntry[] };
}

/** Rows by event id, and when each was first in the DOM, in milliseconds since 1970. */
export type SeenRows = readonly (readonly [id: number, atMs: number])[];

/** Milliseconds from each frame to the next, and tasks over 50 ms. */
export interface SeenFrames {
  readonly framesMs: readonly number[];
  readonly longTasksMs: readonly number[];
}

/** What the first load was. */
export interface SeenLoad {
  /** The largest paint so far, in milliseconds since the navigation began; undefined: nothing was painted. */
  readonly lcpMs: number | undefined;
  readonly fcpMs: number | undefined;
  /** The document and what it asked for. */
  readonly files: readonly {
    readonly url: string;
    /** As it came over the wire, without headers, and unpacked. */
    readonly encodedBytes: number;
    readonly decodedBytes: number;
    readonly transferBytes: number;
  }[];
}

/** Begins to note when rows come into the DOM. Rows are elements with the id `event-` and the event's id; elements are used again. */
export function watchRows(): void {
  const browser = globalThis as unknown as Browser;
  const seen = new Map<number, number>();
  const look = (): void => {
    const nowMs = Date.now();
    for (const { id } of browser.document.querySelectorAll('[role="option"][id^="event-"]')) {
      const number = Number(id.slice(6));
      if (number > 0 && !seen.has(number)) seen.set(number, nowMs);
    }
  };
  look();
  // What is there already came before anybody looked.
  for (const id of seen.keys()) seen.set(id, 0);
  const observer = new browser.MutationObserver(look);
  observer.observe(browser.document, { subtree: true, childList: true, attributes: true, attributeFilter: ["id"] });
  browser.probe = {
    ...browser.probe,
    stopRows() {
      observer.disconnect();
      return [...seen].filter(([, atMs]) => atMs > 0);
    },
  };
}

/** Ends that. */
export function takeRows(): SeenRows {
  return (globalThis as unknown as Browser).probe.stopRows?.() ?? [];
}

/** Begins to note frames and long tasks. */
export function watchFrames(): void {
  const browser = globalThis as unknown as Browser;
  const framesMs: number[] = [];
  const longTasksMs: number[] = [];
  let isOver = false;
  let lastMs: number | undefined;
  const frame = (atMs: number): void => {
    if (lastMs !== undefined) framesMs.push(atMs - lastMs);
    lastMs = atMs;
    if (!isOver) browser.requestAnimationFrame(frame);
  };
  browser.requestAnimationFrame(frame);
  const observer = new browser.PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasksMs.push(duration);
  });
  observer.observe({ type: "longtask" });
  browser.probe = {
    ...browser.probe,
    stopFrames() {
      isOver = true;
      observer.disconnect();
      return { framesMs, longTasksMs };
    },
  };
}

/** Ends that. */
export function takeFrames(): SeenFrames {
  return (globalThis as unknown as Browser).probe.stopFrames?.() ?? { framesMs: [], longTasksMs: [] };
}

/** Begins to note what is loaded and painted; before anything else runs in the page. */
export function watchLoad(): void {
  const browser = globalThis as unknown as Browser;
  const load = { lcp: [] as PageEntry[], files: [] as PageEntry[], paints: [] as PageEntry[] };
  const listen = (type: string, entries: PageEntry[]): void => {
    new browser.PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ type, buffered: true });
  };
  listen("largest-contentful-paint", load.lcp);
  listen("paint", load.paints);
  listen("navigation", load.files);
  listen("resource", load.files);
  browser.probe = { ...browser.probe, load };
}

/** What there is so far. */
export function readLoad(): SeenLoad {
  const { lcp = [], files = [], paints = [] } = (globalThis as unknown as Browser).probe.load ?? {};
  return {
    lcpMs: lcp.at(-1)?.startTime,
    fcpMs: paints.find(({ name }) => name === "first-contentful-paint")?.startTime,
    files: files.map(({ name, encodedBodySize = 0, decodedBodySize = 0, transferSize = 0 }) => ({
      url: name,
      encodedBytes: encodedBodySize,
      decodedBytes: decodedBodySize,
      transferBytes: transferSize,
    })),
  };
}

/** Rows that the list has, whether they are drawn or not; 0: there is no list yet. */
export function listLength(): number {
  const { document } = globalThis as unknown as {
    readonly document: { querySelector(selector: string): { getAttribute(name: string): string | null } | null };
  };
  return Number(document.querySelector('[role="option"]')?.getAttribute("aria-setsize") ?? 0);
}
