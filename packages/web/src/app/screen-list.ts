// The screens of the page: their addresses, names, icons and keys.
import { Activity, Bell, Briefcase, Gauge, HeartPulse, type LucideIcon, Scale, Server, Waypoints } from "lucide-react";
import { type ComponentType, lazy } from "react";

/** A screen. */
export interface Screen {
  readonly path: string;
  /** Further addresses that belong to it (a trace, a decision). */
  readonly more?: readonly string[];
  readonly title: string;
  readonly Icon: LucideIcon;
  /** Goes there, after `g`. */
  readonly key: string;
  readonly View: ComponentType;
}

/** All screens, in the order of the navigation; each is loaded when it is first shown. */
export const SCREENS: readonly Screen[] = [
  {
    path: "/",
    title: "Live",
    Icon: Activity,
    key: "l",
    View: lazy(async () => ({ default: (await import("../screens/live/live-screen.tsx")).LiveScreen })),
  },
  {
    path: "/decisions",
    more: ["/decisions/:id"],
    title: "Decisions",
    Icon: Scale,
    key: "d",
    View: lazy(async () => ({ default: (await import("../screens/decisions/decisions-screen.tsx")).DecisionsScreen })),
  },
  {
    path: "/latency",
    title: "Latency",
    Icon: Gauge,
    key: "y",
    View: lazy(async () => ({ default: (await import("../screens/latency/latency-screen.tsx")).LatencyScreen })),
  },
  {
    path: "/traces",
    more: ["/traces/:id"],
    title: "Traces",
    Icon: Waypoints,
    key: "t",
    View: lazy(async () => ({ default: (await import("../screens/traces/traces-screen.tsx")).TracesScreen })),
  },
  {
    path: "/alerts",
    title: "Alerts",
    Icon: Bell,
    key: "a",
    View: lazy(async () => ({ default: (await import("../screens/alerts/alerts-screen.tsx")).AlertsScreen })),
  },
  {
    path: "/system",
    title: "System",
    Icon: Server,
    key: "s",
    View: lazy(async () => ({ default: (await import("../screens/system/system-screen.tsx")).SystemScreen })),
  },
  {
    path: "/business",
    title: "Business & users",
    Icon: Briefcase,
    key: "b",
    View: lazy(async () => ({ default: (await import("../screens/business/business-screen.tsx")).BusinessScreen })),
  },
  {
    path: "/health",
    title: "Telemetry health",
    Icon: HeartPulse,
    key: "h",
    View: lazy(async () => ({ default: (await import("../screens/health/health-screen.tsx")).HealthScreen })),
  },
];
