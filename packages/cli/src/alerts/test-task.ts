// `tracebook alerts test`: a test message over one channel.
import { CliError, EXIT } from "../cli-error.ts";
import { nearestName } from "../nearest-name.ts";
import { printable } from "../printable.ts";
import { type AlertTask, readText, required } from "./alert-task.ts";

/** The task. */
export const testTask: AlertTask = {
  name: "test",
  usage: "CHANNEL --notifications FILE",
  summary: "sends a test message over a channel and says what came back",
  options: ["notifications"],
  takes: "CHANNEL",
  async run(name, typed, { stdout, config }) {
    const file = required("test", "notifications", typed.notifications);
    const { AlertChannelError, createChannels, parseNotificationConfig, testChannel } = await import(
      "@tracebook/alerts"
    );
    try {
      const channels = createChannels(parseNotificationConfig(readText(file), { environment: config.env }));
      const channel = name === undefined ? undefined : channels.get(name);
      if (channel === undefined) throw noChannel(name, [...channels.keys()]);
      const { destination, answer, tookMs } = await testChannel(channel);
      const line = `${channel.name} (${channel.kind}, ${destination}): ${answer.kind} in ${tookMs} ms: ${answer.words}`;
      await stdout.write(`${printable(line)}\n`);
      return answer.kind === "delivered" ? EXIT.ok : EXIT.negative;
    } catch (error) {
      if (error instanceof AlertChannelError) throw new CliError(`${file} cannot be used`, error.problem);
      throw error;
    }
  },
};

function noChannel(name: string | undefined, names: readonly string[]): CliError {
  const list = `Channels: ${names.join(", ")}`;
  if (name === undefined) return new CliError("test needs the name of a channel", list);
  const nearest = nearestName(name, names);
  return new CliError(
    `there is no channel "${printable(name, 64)}"`,
    nearest === undefined ? list : `Did you mean "${nearest}"?`,
  );
}
