// A colour for each service of a trace; beside it always stands the name.

/** Names of the theme's colours, the ones that mean nothing else first. */
const COLORS = ["series-1", "series-4", "series-2", "series-3", "series-6", "series-5"] as const;

/** Gives the services their colours, in their order; when there are more than colours, they begin again. */
export function serviceColors(services: readonly string[]): (service: string) => string {
  const places = new Map([...new Set(services)].map((service, i) => [service, i]));
  return (service) => COLORS[(places.get(service) ?? 0) % COLORS.length] as string;
}
