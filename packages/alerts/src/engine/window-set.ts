// All windows of all rules: what is new goes into them second by second, and what is old leaves.
import type { EventCount, FeedPiece, MetricSample } from "@tracebook/store";
import { type WindowGroup, WindowGroups } from "./alert-groups.ts";
import { FeedRoutes } from "./feed-routes.ts";
import { addTo, type RuleSource, type Selector } from "./rule-source.ts";

/** Windows, one for each group, and the rules that look through them. */
export interface SharedWindow {
  readonly key: string;
  readonly selector: Selector;
  readonly by: readonly string[];
  /** How far back they look. */
  readonly seconds: number;
  readonly groups: WindowGroups;
  readonly ruleIds: Set<string>;
  /** They have what came before they were made. */
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
  readonly #leaving = new Map<number, WindowGroup[]>();
  /** Groups that were given what came before them since the last instant. */
  #given = new Set<WindowGroup>();
  #overfull = new Set<SharedWindow>();
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

  share(ruleId: string, source: RuleSource): SharedWindow {
    const { key, selector, by, createWindow } = source;
    let shared = this.#byKey.get(key);
    if (shared === undefined) {
      const ruleIds = new Set<string>();
      const groups = new WindowGroups(source, ruleIds);
      shared = { key, selector, by, seconds: createWindow().seconds, groups, ruleIds, isFilled: false };
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
      if (item.second >= until) return this.#receive(item.second, { shared, item });
      const group = this.#put(shared, item, until);
      if (group !== undefined) this.#given.add(group);
    });
  }

  /** Goes on to the instant `at`, the one after `until`; the groups whose windows have changed by it. */
  advance(at: number): ReadonlySet<WindowGroup> {
    const changed = this.#given;
    this.#given = new Set();
    for (const group of this.#leaving.get(at) ?? []) changed.add(group);
    this.#leaving.delete(at);
    for (const { shared, item } of this.#incoming.get(at - 1) ?? []) {
      const group = this.#put(shared, item, at);
      if (group !== undefined) changed.add(group);
    }
    this.#incoming.delete(at - 1);
    for (const { window } of changed) window.dropBefore(at - window.seconds);
    return changed;
  }

  /** Those of which something was left out since this was last asked: it would have been one group too many. */
  takeOverfull(): Iterable<SharedWindow> {
    if (this.#overfull.size === 0) return [];
    const overfull = this.#overfull;
    this.#overfull = new Set();
    return overfull;
  }

  #receive(second: number, incoming: Incoming): void {
    const list = this.#incoming.get(second);
    if (list === undefined) this.#incoming.set(second, [incoming]);
    else list.push(incoming);
  }

  /** The group whose window has it; undefined: it is of no use to any. */
  #put(shared: SharedWindow, item: EventCount | MetricSample, at: number): WindowGroup | undefined {
    const { second } = item;
    if (second < at - shared.seconds) return undefined;
    const group = shared.groups.of(item);
    if (group === undefined) this.#overfull.add(shared);
    else if (addTo(group.window, second, item))
      for (const age of group.window.ages) this.#leave(second + age + 1, at, group);
    return group;
  }

  #leave(leaves: number, at: number, group: WindowGroup): void {
    // What came late is looked at now, whatever instants have gone by.
    if (leaves <= at) return;
    const list = this.#leaving.get(leaves);
    if (list === undefined) this.#leaving.set(leaves, [group]);
    else list.push(group);
  }
}
