// The address of a service as its neighbours on this machine use it.

/** `host` is what the service listens on: one that means all addresses (`0.0.0.0`, `::`) is reached by the loopback one. */
export function serviceUrl(host: string, port: number): string {
  const isWildcard = host === "0.0.0.0" || /^\[?[0:]+\]?$/.test(host);
  const name = isWildcard ? "127.0.0.1" : host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
