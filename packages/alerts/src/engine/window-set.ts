// All windows of all rules: what is new goes into them second by second, and what is old leaves.
import type { EventCount, FeedPiece, MetricSample } from "@tracebook/store";
import { FeedRoutes } from "./feed-routes.ts";
import { addTo, type RuleSource, type Selector, type SourceWindow } from "./rule-source.ts";

/** A window and the rules that look through it. */
export interface SharedWindow {
  readonly key: string;
  readonly selector: Selector;
  readonly window: SourceWindow;
  readonly ruleIds: Set<string>;
  /** It has what came before it was made. */
  isFilled: boolean;
}

interface Incoming {
  readonly shared: SharedWindow;
  readonly item: EventCount | MetricSample;
}

/**
 * The windows. `until` is the last instant that was evaluated: of the seconds before it, all is in the windows. What comes for one of them
 * now is late: it goes in, and counts from the next instant on.
 */
export class WindowSet {
  readonly #byKey = new Map<string, SharedWindow>();
  /** By the second at whose end it goes in. */
  readonly #incoming = new Map<number, Incoming[]>();
  /** By the instant at which something leaves. */
  readonly #leaving = new Map<number, SharedWindow[]>();
  #routes: FeedRoutes<SharedWindow> | undefined;
  #late = 0;
  #early = 0;

  /** Items that came too late for their second, and such as bear a time too far ahead, which are left out. */
  get misplaced(): { readonly late: number; readonly early: number } {
    return { late: this.#late, early: this.#early };
  }

  /** The question for all that is new, and the way of the answer. */
  get routes(): FeedRoutes<SharedWindow> {
    this.#routes ??= new FeedRoutes(this.#byKey.values());
    return this.#routes;
  }

  /** Windows that lack what came before they were made. */
  unfilled(): readonly SharedWindow[] {
    return [...this.#byKey.values()].filter((shared) => !shared.isFilled);
  }

  share(ruleId: string, { key, selector, createWindow }: RuleSource): SharedWindow {
    let shared = this.#byKey.get(key);
    if (shared === undefined) {
      shared = { key, selector, window: createWindow(), ruleIds: new Set(), isFilled: false };
      this.#byKey.set(key, shared);
      this.#routes = undefined;
    }
    shared.ruleIds.add(ruleId);
    return shared;
  }

  release(ruleId: string, shared: SharedWindow): void {
    shared.ruleIds.delete(ruleId);
    if (shared.ruleIds.size > 0) return;
    this.#byKey.delete(shared.key);
    this.#routes = undefined;
  }

  /** Takes what is new. What bears a second after `horizon` is left out: its sender's clock is wrong. */
  add(piece: FeedPiece, until: number, horizon: number): void {
    this.routes.route(piece, (shared, item) => {
      if (item.second > horizon) this.#early++;
      else {
        if (item.second < until) this.#late++;
        this.#receive(Math.max(item.second, until), { shared, item });
      }
    });
  }

  /** Takes what came before: what lies before `until` is in the windows at once. */
  fill(routes: FeedRoutes<SharedWindow>, piece: FeedPiece, until: number): void {
    routes.route(piece, (shared, item) => {
      if (item.second < until) this.#put(shared, item, until);
      else this.#receive(item.second, { shared, item });
    });
  }

  /** Goes on to the instant `at`, the one after `until`; the windows that have changed by it. */
  advance(at: number): ReadonlySet<SharedWindow> {
    const changed = new Set(this.#leaving.get(at));
    this.#leaving.delete(at);
    for (const { shared, item } of this.#incoming.get(at - 1) ?? []) {
      this.#put(shared, item, at);
      changed.add(shared);
    }
    this.#incoming.delete(at - 1);
    for (const { window } of changed) window.dropBefore(at - window.seconds);
    return changed;
  }

  #receive(second: number, incoming: Incoming): void {
    const list = this.#incoming.get(second);
    if (list === undefined) this.#incoming.set(second, [incoming]);
    else list.push(incoming);
  }

  #put(shared: SharedWindow, item: EventCount | MetricSample, at: number): void {
    const { window } = shared;
    if (item.second < at - window.seconds) return;
    if (!addTo(window, item.second, item)) return;
    const leaves = item.second + window.seconds + 1;
    const list = this.#leaving.get(leaves);
    if (list === undefined) this.#leaving.set(leaves, [shared]);
    else list.push(shared);
  }
}
