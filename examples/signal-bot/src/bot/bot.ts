// The chat bot: every update is a flow, answered with what the backend says.
import { randomUUID } from "node:crypto";
import { defineFlow, tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import type { BackendAnswer, BackendClient, BackendRequest, BackendResult } from "./backend-client.ts";
import type { ChatUpdate } from "./chat-updates.ts";
import { type Command, parseCommand } from "./command.ts";

/** What has been done so far. */
export interface BotCounts {
  readonly updates: Record<ChatUpdate["kind"], number>;
  readonly requests: Record<BackendResult, number>;
}

/** Answers updates. */
export interface ChatBot {
  readonly counts: BotCounts;
  /** The reply to an update. Never rejects. */
  handle(update: ChatUpdate): Promise<string>;
}

/** The reason code of a flow by how its request ended. */
const REASONS = { success: "answered", refused: "refused", error: "backend_unavailable" } as const;
const updateFlow = defineFlow("chat_update", { stages: ["understood", "backend_answered"] });

/** Makes the bot. */
export function createChatBot(backend: BackendClient, log: Logger): ChatBot {
  const counts: BotCounts = {
    updates: { message: 0, callback_query: 0 },
    requests: { success: 0, refused: 0, error: 0 },
  };
  return {
    counts,
    handle: (update) =>
      updateFlow.run({ update_kind: update.kind, "user.id": update.userId }, async (flow) => {
        const command = parseCommand(update);
        counts.updates[update.kind]++;
        tradingMetrics.botUpdates.add(1, { type: update.kind });
        flow.mark("understood");
        if (command === undefined) {
          flow.stop("not_understood");
          return "I know /status, /buy and /sell.";
        }
        tradingEvents.userAction.emit({
          event_name: command.kind,
          event_category: "chat",
          user_id: update.userId,
          source: "bot",
        });
        const answer = await backend.ask(toRequest(command, update.userId));
        flow.mark("backend_answered");
        counts.requests[answer.result]++;
        log.info({ command: command.kind, http_status: answer.status, user_id: update.userId }, "chat update answered");
        flow.stop(REASONS[answer.result]);
        return replyTo(command, answer);
      }),
  };
}

function toRequest(command: Command, userId: string): BackendRequest {
  switch (command.kind) {
    case "status":
      return { method: "GET", route: "/status", path: "/status", userId };
    case "orders": {
      const { symbol } = command;
      return { method: "GET", route: "/orders/:symbol", path: `/orders/${symbol}`, symbol, userId };
    }
    case "trade": {
      const { symbol, action, quantity, price } = command;
      const body = {
        alert_id: randomUUID(),
        strategy: "manual",
        symbol,
        action,
        quantity,
        price,
        time: new Date().toISOString(),
      };
      return { method: "POST", route: "/signals", path: "/signals", symbol, action, userId, body };
    }
  }
}

function replyTo(command: Command, { result, status, body }: BackendAnswer): string {
  if (status === 0) return "The backend does not answer.";
  if (result !== "success") return `The backend says ${status}: ${String(body.error ?? body.problem)}`;
  return command.kind === "trade" ? `Signal ${String(body.signalId)} is queued.` : JSON.stringify(body);
}
