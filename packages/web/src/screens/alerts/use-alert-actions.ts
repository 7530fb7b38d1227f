// What people do with alerts: told to the server, and what came of it in one line.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { Alert, ApiProblem } from "../../api/client.ts";
import { tell } from "../../api/tell.ts";

/** Something that is done with an alert. */
export type AlertAction =
  | { readonly kind: "acknowledge" }
  | { readonly kind: "assign"; readonly to: string | null }
  | { readonly kind: "comment"; readonly text: string }
  | { readonly kind: "impact"; readonly impact: string }
  | { readonly kind: "resolve"; readonly note: string };

/** A silence that somebody wants. */
export interface SilenceWish {
  readonly matchers: Readonly<Record<string, string>>;
  readonly until: string;
  readonly reason: string;
  readonly by: string;
}

/** What is said after something was done. */
export interface Said {
  readonly isProblem: boolean;
  readonly text: string;
}

/** Doing, and what came of it. */
export interface AlertActions {
  readonly said: Said | undefined;
  readonly isBusy: boolean;
  /** Whether it was done. */
  readonly act: (alert: Alert, action: AlertAction, by: string) => Promise<boolean>;
  readonly silence: (wish: SilenceWish) => Promise<boolean>;
  readonly unsilence: (silenceId: string) => Promise<boolean>;
  /** Something else that was done to rules or channels: `done` says what, once it has. */
  readonly run: (doing: () => Promise<unknown>, done: string) => Promise<boolean>;
}

/** Questions that are answered anew after something was done. */
const ABOUT_ALERTS = "/api/telemetry/alert";

/** The one line of the screen, and everything that writes to it. */
export function useAlertActions(): AlertActions {
  const [said, setSaid] = useState<Said>();
  const answers = useQueryClient();
  const { mutateAsync, isPending } = useMutation({ mutationFn: (doing: () => Promise<unknown>) => doing() });
  const run = useCallback(
    async (doing: () => Promise<unknown>, done: string) => {
      try {
        await mutateAsync(doing);
        setSaid({ isProblem: false, text: done });
        return true;
      } catch (problem) {
        setSaid({ isProblem: true, text: (problem as ApiProblem).message });
        return false;
      } finally {
        // Also after a failure: it may be that somebody else has changed it.
        void answers.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(ABOUT_ALERTS) });
      }
    },
    [mutateAsync, answers],
  );
  const act = useCallback(
    (alert: Alert, action: AlertAction, by: string) =>
      run(() => tellAction(alert, action, by), doneText(alert, action)),
    [run],
  );
  const silence = useCallback(
    (wish: SilenceWish) =>
      run(
        () => tell("post", "/api/telemetry/alert-silences", { body: { ...wish } }),
        `Silent until ${wish.until.slice(0, 16).replace("T", " ")} UTC.`,
      ),
    [run],
  );
  const unsilence = useCallback(
    (silenceId: string) =>
      run(
        () => tell("delete", "/api/telemetry/alert-silences/{silence_id}", { values: { silence_id: silenceId } }),
        "The silence has ended.",
      ),
    [run],
  );
  return { said, isBusy: isPending, act, silence, unsilence, run };
}

function tellAction({ alert_id }: Alert, action: AlertAction, by: string): Promise<unknown> {
  const values = { alert_id };
  switch (action.kind) {
    case "acknowledge":
      return tell("post", "/api/telemetry/alerts/{alert_id}/acknowledge", { values, body: { by } });
    case "assign":
      return tell("post", "/api/telemetry/alerts/{alert_id}/assign", { values, body: { by, to: action.to } });
    case "comment":
      return tell("post", "/api/telemetry/alerts/{alert_id}/comment", { values, body: { by, text: action.text } });
    case "impact":
      return tell("post", "/api/telemetry/alerts/{alert_id}/impact", { values, body: { by, impact: action.impact } });
    case "resolve":
      return tell("post", "/api/telemetry/alerts/{alert_id}/resolve", { values, body: { by, note: action.note } });
  }
}

function doneText({ rule_name }: Alert, action: AlertAction): string {
  const name = rule_name.slice(0, 80);
  switch (action.kind) {
    case "acknowledge":
      return `${name}: acknowledged.`;
    case "assign":
      return `${name}: assigned to ${action.to?.slice(0, 80) ?? "nobody"}.`;
    case "comment":
      return `${name}: your comment is in its history.`;
    case "impact":
      return `${name}: its impact is noted.`;
    case "resolve":
      return `${name}: resolved.`;
  }
}
