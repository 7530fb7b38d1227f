// Meaning by colour and by shape, so that neither is needed: a disc accepts, a diamond rejects, a triangle is an error.

/** What something means. */
export type Tone = "accept" | "reject" | "error" | "info" | "neutral";

/** The shape of a tone, in its colour. Says nothing to screen readers: the words beside it do. */
export function Mark({ tone, size = 10 }: { readonly tone: Tone; readonly size?: number }) {
  const color = `var(--${tone === "info" ? "accent" : tone})`;
  return (
    <svg width={size} height={size} viewBox="0 0 10 10" aria-hidden="true" style={{ flex: "none" }}>
      {SHAPES[tone](color)}
    </svg>
  );
}

const SHAPES: Readonly<Record<Tone, (color: string) => React.ReactElement>> = {
  accept: (color) => <circle cx="5" cy="5" r="4.2" fill={color} />,
  reject: (color) => <path d="M5 .8 9.2 5 5 9.2 .8 5Z" fill="none" stroke={color} strokeWidth="1.6" />,
  error: (color) => <path d="M5 .6 9.6 9.2H.4Z" fill={color} />,
  info: (color) => (
    <rect x="1.4" y="1.4" width="7.2" height="7.2" rx="1.5" fill="none" stroke={color} strokeWidth="1.6" />
  ),
  neutral: (color) => <circle cx="5" cy="5" r="3.4" fill="none" stroke={color} strokeWidth="1.6" />,
};

/** The tone of a decision's word. */
export function decisionTone(decision: string): Tone {
  return decision === "ACCEPT" ? "accept" : decision === "REJECT" ? "reject" : "neutral";
}
