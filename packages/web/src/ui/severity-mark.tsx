// How bad an alert is, by colour and by shape: an octagon is critical, a triangle an error, a diamond a warning, a square information.
import type { AlertSeverity } from "../api/client.ts";

/** The shape of a severity, in its colour. Says nothing to screen readers: the words beside it do. */
export function SeverityMark({ severity, size = 12 }: { readonly severity: AlertSeverity; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" style={{ flex: "none" }}>
      {SHAPES[severity]}
    </svg>
  );
}

/** The colour of a severity: a name of the theme. */
export function severityColor(severity: AlertSeverity): string {
  return COLORS[severity];
}

const COLORS: Readonly<Record<AlertSeverity, string>> = {
  critical: "error",
  error: "error",
  warning: "reject",
  info: "accent",
};

const SHAPES: Readonly<Record<AlertSeverity, React.ReactElement>> = {
  critical: (
    <>
      <path d="M3.6.4h4.8l3.2 3.2v4.8l-3.2 3.2H3.6L.4 8.4V3.6Z" fill="var(--error)" />
      <path d="M6 2.6v4.2M6 8.3v1.3" stroke="var(--panel)" strokeWidth="1.5" />
    </>
  ),
  error: <path d="M6 .8 11.6 11H.4Z" fill="var(--error)" />,
  warning: <path d="M6 1 11 6 6 11 1 6Z" fill="none" stroke="var(--reject)" strokeWidth="1.8" />,
  info: <rect x="1.8" y="1.8" width="8.4" height="8.4" rx="1.6" fill="none" stroke="var(--accent)" strokeWidth="1.8" />,
};
