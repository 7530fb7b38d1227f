// Stands where PagerDuty, Opsgenie and Slack would: takes what Alertmanager sends, by receiver.
import { createServer } from "node:http";

/** Starts a receiver; `notifications` grows by `{ receiver, status, alerts }`, the alerts each with status, labels and annotations. */
export async function startWebhookReceiver() {
  const notifications = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      const { status, alerts } = JSON.parse(body);
      notifications.push({ receiver: (request.url ?? "").slice(1), status, alerts });
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    notifications,
    /** True when a receiver was told that an alert is `firing` or `resolved`. */
    heard: (receiver, alert, status) =>
      notifications.some(
        (it) =>
          it.receiver === receiver && it.alerts.some((one) => one.status === status && one.labels.alertname === alert),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
