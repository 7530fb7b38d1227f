// "2 minutes ago", with the exact moment on demand.
import { useNow } from "../app/use-now.ts";
import { agoText, momentText } from "../format/time-text.ts";

/** How long ago something was; keeps itself up to date. */
export function TimeAgo({ timestamp }: { readonly timestamp: string }) {
  const now = useNow();
  return (
    <time dateTime={timestamp} title={momentText(timestamp)}>
      {agoText(timestamp, now)}
    </time>
  );
}
