// The side of a process that its launcher talks to: readiness, reports, requests to stop.
import type { LauncherMessage, ServiceMessage } from "./messages.ts";

/** A service as its process runs it. */
export interface Service<Report> {
  /** What others need to reach it. */
  readonly ports: Readonly<Record<string, number>>;
  report(): Report;
  /** Heard while it runs. */
  onMessage?(message: LauncherMessage): void;
  /** Ends it; resolves when everything is written. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 8_000;

/** Starts a service, reports every half second, and stops once: on request, on a signal, or when the launcher is gone. */
export function runService<Report>(name: string, start: () => Promise<Service<Report>>): void {
  let running: Running | undefined;
  // Heard from the first moment on: a launcher may change its mind, or be killed, while this is being started.
  const stop = (): void => {
    // Nothing has been taken in yet that could be lost.
    if (running === undefined) process.exit(0);
    running.stop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  process.on("disconnect", stop);
  process.on("message", (message: LauncherMessage) => {
    if (message.type === "stop") stop();
    else running?.hear(message);
  });
  start()
    .then((service) => {
      running = follow(service);
    })
    .catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (process.send === undefined) process.stderr.write(`${name}: ${message}\n`);
      tell({ type: "failed", message: `${name}: ${message}` });
      process.exitCode = 1;
      process.off("disconnect", stop);
      if (process.connected) process.disconnect();
      // Connections that are open already would keep a process alive that never began to work.
      setTimeout(() => process.exit(1), 500).unref();
    });
}

interface Running {
  stop(): void;
  hear(message: LauncherMessage): void;
}

function follow<Report>(service: Service<Report>): Running {
  const timer = setInterval(() => tell({ type: "status", report: service.report() }), 500);
  let isStopping = false;
  tell({ type: "ready", ports: service.ports });
  return {
    hear: (message) => service.onMessage?.(message),
    stop() {
      if (isStopping) return;
      isStopping = true;
      clearInterval(timer);
      setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
      void service.stop().then(() => {
        tell({ type: "ended", report: service.report() });
        if (process.connected) process.disconnect();
      });
    },
  };
}

function tell(message: ServiceMessage): void {
  // Without a callback a launcher that has just gone would be an uncaught error.
  process.send?.(message, () => {});
}
