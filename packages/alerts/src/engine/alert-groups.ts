// The groups of a rule: what has the same values of the labels that it names has a window of its own, and an alert of its own.
import { createHash } from "node:crypto";
import type { EventCount, MetricSample } from "@tracebook/store";
import type { Alert } from "../lifecycle/alert.ts";
import type { RuleSource, SourceWindow } from "./rule-source.ts";

/** At a time; by a label with more values no rule should be grouped. */
export const MAX_GROUPS = 1_000;

/** Values of labels. */
export interface GroupLabels {
  readonly [label: string]: string;
}

/** What rules look at together: all of what they select, or what of it has the same values of some labels. */
export interface WindowGroup {
  /** The values as a text; empty where the rules have no groups. */
  readonly key: string;
  readonly labels: GroupLabels;
  /** Part of the ids of its alerts; empty where the rules have no groups. */
  readonly id: string;
  readonly window: SourceWindow;
  /** The rules that look through it. */
  readonly ruleIds: ReadonlySet<string>;
}

/** The groups of rules that select the same, group it by the same labels and look equally far back. */
export class WindowGroups {
  readonly #by: readonly string[];
  readonly #createWindow: () => SourceWindow;
  readonly #ruleIds: ReadonlySet<string>;
  readonly #groups = new Map<string, WindowGroup>();
  readonly #ids = new Set<string>();
  /** The only one there is, and always is, of rules without groups. */
  readonly #whole: WindowGroup | undefined;

  constructor({ by, createWindow }: Pick<RuleSource, "by" | "createWindow">, ruleIds: ReadonlySet<string>) {
    this.#by = by;
    this.#createWindow = createWindow;
    this.#ruleIds = ruleIds;
    if (by.length === 0) this.#whole = this.restore({});
  }

  get isWhole(): boolean {
    return this.#whole !== undefined;
  }

  values(): Iterable<WindowGroup> {
    return this.#groups.values();
  }

  /** The group of an item, made where it is new; undefined where it is new and there are too many already. */
  of(item: EventCount | MetricSample): WindowGroup | undefined {
    if (this.#whole !== undefined) return this.#whole;
    const labels = labelsOf(this.#by, "labels" in item ? item.labels : {});
    const key = groupKeyOf(labels);
    const known = this.#groups.get(key);
    return known ?? (this.#groups.size < MAX_GROUPS ? this.#make(key, labels) : undefined);
  }

  /** The group with these labels, made where it is not there, however many there are: it has an alert that goes on. */
  restore(labels: GroupLabels): WindowGroup {
    const key = groupKeyOf(labelsOf(this.#by, labels));
    return this.#groups.get(key) ?? this.#make(key, labels);
  }

  remove(group: WindowGroup): void {
    if (this.#groups.delete(group.key)) this.#ids.delete(group.id);
  }

  #make(key: string, labels: GroupLabels): WindowGroup {
    const id = this.#by.length > 0 ? this.#idOf(labels) : "";
    const group = { key, labels, id, window: this.#createWindow(), ruleIds: this.#ruleIds };
    this.#groups.set(key, group);
    this.#ids.add(id);
    return group;
  }

  /** Eight digits; more where another group begins with the same ones, so that no two alerts ever have the same id. */
  #idOf(labels: GroupLabels): string {
    const digest = digestOf(labels);
    const length = ID_LENGTHS.find((digits) => !this.#ids.has(digest.slice(0, digits)));
    return digest.slice(0, length);
  }
}

/** The labels of the group that an alert is of; undefined: it was made for other groups than those by these labels. */
export function groupLabelsOf(alert: Alert, by: readonly string[]): GroupLabels | undefined {
  const id = GROUP_ID.exec(alert.alert_id)?.[1];
  if (by.length === 0) return id === undefined ? {} : undefined;
  const labels = labelsOf(by, alert.labels);
  return id !== undefined && digestOf(labels).startsWith(id) ? labels : undefined;
}

/** Labels are named by the rule: only their values tell its groups apart. */
export function groupKeyOf(labels: GroupLabels): string {
  const values = Object.values(labels);
  return values.length === 0 ? "" : JSON.stringify(values);
}

/** Behind the time in the id of an alert; without groups nothing is. See `createAlert`. */
const GROUP_ID = /-\d{8}T\d{6}Z-([0-9a-f]{8,64})$/;

const ID_LENGTHS: readonly number[] = [8, 16, 64];

function labelsOf(by: readonly string[], labels: GroupLabels): GroupLabels {
  return Object.fromEntries(by.map((name) => [name, Object.hasOwn(labels, name) ? labels[name]! : ""]));
}

/** The same whatever the order in which the rule names its labels. */
function digestOf(labels: GroupLabels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}
