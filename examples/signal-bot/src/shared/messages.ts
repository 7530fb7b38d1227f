// What the launcher and its processes say to each other.

/** From a process to the launcher. */
export type ServiceMessage =
  | { readonly type: "ready"; readonly ports: Readonly<Record<string, number>> }
  | { readonly type: "status" | "ended"; readonly report: unknown }
  | { readonly type: "failed"; readonly message: string };

/** From the launcher to a process. `begin`: alerts may come; `quiet`: no new ones, nor chat updates; `outage`: be unreachable for so long. */
export type LauncherMessage =
  | { readonly type: "stop" }
  | { readonly type: "begin"; readonly webhookUrl: string }
  | { readonly type: "quiet" }
  | { readonly type: "outage"; readonly durationMs: number };
