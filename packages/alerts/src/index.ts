// @tracebook/alerts: rules as data, evaluated on the store; alerts with a lifecycle; notifications that arrive once.

export {
  type BacktestFiring,
  type BacktestRange,
  type BacktestResult,
  backtestRule,
} from "./backtest/backtest-rule.ts";
export type { Channel, ChannelAnswer, ChannelKind, ChannelTarget } from "./channels/channel.ts";
export { createEmailChannel, type EmailChannelOptions } from "./channels/email-channel.ts";
export { ALERT_CHANNEL_ERRORS, AlertChannelError, type AlertChannelErrorCode } from "./channels/errors.ts";
export type { NotificationMessage } from "./channels/notification-message.ts";
export { createOpsgenieChannel, type OpsgenieChannelOptions } from "./channels/opsgenie-channel.ts";
export { createPagerDutyChannel, type PagerDutyChannelOptions } from "./channels/pagerduty-channel.ts";
export { createSlackChannel, type SlackChannelOptions } from "./channels/slack-channel.ts";
export { type ChannelTest, type TestChannelOptions, testChannel } from "./channels/test-channel.ts";
export { createWebhookChannel, type WebhookChannelOptions } from "./channels/webhook-channel.ts";
export {
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookDelivery,
  type WebhookVerification,
} from "./channels/webhook-signature.ts";
export { createNotifier, type Notifier, type NotifierOptions } from "./delivery/notifier.ts";
export type { NotifierRecords } from "./delivery/notifier-records.ts";
export type { AlertClock } from "./engine/alert-clock.ts";
export { type AlertEngine, createAlertEngine } from "./engine/alert-engine.ts";
export type { AlertEngineOptions, AlertEngineStats } from "./engine/engine-options.ts";
export type { LifecycleSettings } from "./lifecycle/advance-alert.ts";
export { type AlertDesk, type AlertDeskOptions, createAlertDesk, type SilenceRequest } from "./lifecycle/alert-desk.ts";
export { AlertDeskError, type AlertDeskErrorCode, DESK_ERRORS } from "./lifecycle/desk-error.ts";
export { fromPrometheusRules, type ImportedRules, type RefusedRule } from "./prometheus/from-prometheus.ts";
export {
  type PrometheusAlert,
  type PrometheusRules,
  type PrometheusRulesOptions,
  type RuleRemark,
  toPrometheusRules,
} from "./prometheus/to-prometheus.ts";
export { createChannels } from "./routing/create-channels.ts";
export type { NotificationConfig } from "./routing/notification-config.ts";
export { type NotificationConfigOptions, parseNotificationConfig } from "./routing/parse-notification-config.ts";
export type { AlertRule } from "./rules/alert-rule.ts";
export { parseAlertRule } from "./rules/parse-rule.ts";
export type { RuleCatalogue } from "./rules/rule-catalogue.ts";
export { AlertRuleError, type RuleProblem } from "./rules/rule-error.ts";
export { type BrokenRule, parseAlertRules, type RulesFile, readAlertRules } from "./rules/rules-file.ts";
export { fromStoredRule, toStoredRule } from "./rules/stored-rule.ts";
export {
  RUNBOOKS_URL,
  type StandardRulesOptions,
  standardAlertRules,
} from "./standard-rules/standard-alert-rules.ts";
export { standardRulesFile } from "./standard-rules/standard-rules-file.ts";
