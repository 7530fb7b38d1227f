// Machines and processes with what they use now, put together from three metrics.
import type { TimelineSeries } from "./use-timeline.ts";

/** What is measured of each: its metric, and what people call it. */
export const USAGES = [
  { metric: "cpu_usage", title: "CPU" },
  { metric: "memory_usage", title: "Memory" },
  { metric: "disk_usage", title: "Disk" },
] as const;

/** An instance of a service on a host. */
export interface Machine {
  readonly key: string;
  readonly service: string;
  readonly host: string;
  readonly instance: string;
  /** In the order of {@link USAGES}; of several file systems the fullest. Undefined: not measured. */
  readonly usages: readonly (TimelineSeries | undefined)[];
  readonly lastTimestamp: string;
}

/** The machines by service, host and instance. */
export function machineRows(metrics: readonly (readonly TimelineSeries[])[]): readonly Machine[] {
  const rows = new Map<string, Machine>();
  for (const [i, series] of metrics.entries())
    for (const one of series) {
      const key = machineKey(one);
      const known = rows.get(key);
      const usages = [...(known?.usages ?? metrics.map(() => undefined))];
      const other = usages[i];
      if (other === undefined || one.last_value > other.last_value) usages[i] = one;
      rows.set(key, {
        key,
        service: one.service_name ?? "",
        host: one.host_name ?? "",
        instance: one.instance_id ?? "",
        usages,
        lastTimestamp: later(known?.lastTimestamp, one.last_timestamp),
      });
    }
  return [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What tells machines apart. */
export function machineKey({ service_name: service, host_name: host, instance_id: instance }: TimelineSeries): string {
  return [service, host, instance].map((text) => text ?? "").join("\n");
}

function later(a: string | undefined, b: string): string {
  return a === undefined || a < b ? b : a;
}
