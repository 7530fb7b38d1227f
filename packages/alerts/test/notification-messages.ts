// Messages for tests: an ordinary one, and any that an enemy could make.
import fc from "fast-check";
import type { NotificationMessage } from "../src/channels/notification-message.ts";

/** An ordinary message. */
export const firing: NotificationMessage = {
  idempotencyKey: "alert-1:firing:1:ops",
  alertId: "alert-1",
  ruleName: "High CPU Usage",
  severity: "critical",
  change: "firing",
  summary: "avg of cpu_usage is 95 %, above 80 %",
  labels: { service: "api", team: "trading" },
  value: 95,
  threshold: 80,
  unit: "%",
  at: "2026-11-20T12:34:56.789012Z",
  startedAt: "2026-11-20T12:29:56.789012Z",
  link: "https://desk.example.com/alerts/alert-1",
};

/** What breaks letters, Slack messages, pages and terminals, next to arbitrary text. */
const hostileText = fc.oneof(
  fc.constantFrom(
    "<!channel>",
    "<@U012AB3CD> <!here|x> &lt;!everyone&gt;",
    "a\r\nBcc: everyone@example.com\r\n\r\n<b>",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "\u001b[2J\u001b]0;owned\u0007",
    "\u202etxt.exe\u2066\u200b\ufeff",
    "\ud800 lone \udfff",
    "\u0000\u0085\u2028\u2029.",
    "\r\n.\r\nQUIT\r\n",
    "__proto__",
    "<https://evil.example.com|click>",
  ),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.integer({ min: 1, max: 64 }).map((repeats) => "<!channel>\r\n&😀".repeat(repeats * 1_500)),
);

/** Messages whose every text is hostile. */
export const hostileMessages: fc.Arbitrary<NotificationMessage> = fc.record({
  idempotencyKey: hostileText,
  alertId: hostileText,
  ruleName: hostileText,
  severity: fc.constantFrom("info", "warning", "error", "critical"),
  change: fc.constantFrom("firing", "acknowledged", "resolved", "reopened", "escalated", "digest", "test"),
  summary: hostileText,
  labels: fc.dictionary(hostileText, hostileText, { maxKeys: 30 }),
  value: fc.option(fc.double(), { nil: undefined }),
  threshold: fc.option(fc.double(), { nil: undefined }),
  unit: fc.option(hostileText, { nil: undefined }),
  at: fc.constant("2026-11-20T12:34:56.789012Z"),
  startedAt: fc.option(hostileText, { nil: undefined }),
  by: fc.option(hostileText, { nil: undefined }),
  link: fc.option(
    fc.oneof(hostileText, fc.constantFrom("javascript:alert(1)", "https://desk.example.com/a|b>c'\"<d>")),
    { nil: undefined },
  ),
  lines: fc.option(fc.array(hostileText, { maxLength: 5 }), { nil: undefined }),
  mayRepeat: fc.option(fc.boolean(), { nil: undefined }),
});
