// What providers say that they take, as JSON Schema; written from their documentation, with the limits that it names.

/** A JSON Schema. */
type Schema = Readonly<Record<string, unknown>>;

const plainObject = (required: readonly string[], properties: Schema): Schema => ({
  type: "object",
  required,
  properties,
  additionalProperties: false,
});
const text = (maxLength: number, minLength = 1): Schema => ({ type: "string", minLength, maxLength });

// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
const slackText = (maxLength: number): Schema => ({
  oneOf: [
    plainObject(["type", "text"], {
      type: { const: "plain_text" },
      text: text(maxLength),
      emoji: { type: "boolean" },
    }),
    plainObject(["type", "text"], { type: { const: "mrkdwn" }, text: text(maxLength), verbatim: { type: "boolean" } }),
  ],
});

/**
 * https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
 * https://docs.slack.dev/reference/block-kit/blocks (header 150, section 3,000 and ten fields of 2,000, context ten elements, 50 blocks).
 */
export const slackSchema: Schema = plainObject(["text"], {
  channel: text(255),
  text: text(40_000),
  blocks: {
    type: "array",
    maxItems: 50,
    items: {
      oneOf: [
        plainObject(["type", "text"], {
          type: { const: "header" },
          text: plainObject(["type", "text"], {
            type: { const: "plain_text" },
            text: text(150),
            emoji: { type: "boolean" },
          }),
        }),
        plainObject(["type", "text"], { type: { const: "section" }, text: slackText(3_000) }),
        plainObject(["type", "fields"], {
          type: { const: "section" },
          fields: { type: "array", minItems: 1, maxItems: 10, items: slackText(2_000) },
        }),
        plainObject(["type", "elements"], {
          type: { const: "context" },
          elements: { type: "array", minItems: 1, maxItems: 10, items: slackText(3_000) },
        }),
      ],
    },
  },
  parse: { enum: ["none", "full"] },
  link_names: { type: "boolean" },
  unfurl_links: { type: "boolean" },
  unfurl_media: { type: "boolean" },
});

/**
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ and the OpenAPI document of the Events API v2
 * (https://github.com/PagerDuty/api-schema, reference/events-v2): required fields, actions, severities; summary 1,024, dedup_key 255.
 */
export const pagerDutySchema: Schema = {
  ...plainObject(["routing_key", "event_action"], {
    routing_key: { type: "string", minLength: 32, maxLength: 32 },
    event_action: { enum: ["trigger", "acknowledge", "resolve"] },
    dedup_key: text(255),
    client: { type: "string" },
    client_url: { type: "string", pattern: "^https?://" },
    links: {
      type: "array",
      items: plainObject(["href"], { href: { type: "string", pattern: "^https?://" }, text: { type: "string" } }),
    },
    images: { type: "array" },
    payload: plainObject(["summary", "severity", "source"], {
      summary: text(1_024),
      severity: { enum: ["critical", "error", "warning", "info"] },
      source: text(255),
      timestamp: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d{4})$" },
      component: { type: "string" },
      group: { type: "string" },
      class: { type: "string" },
      custom_details: { type: "object" },
    }),
  }),
  if: { properties: { event_action: { const: "trigger" } } },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema.
  then: { required: ["payload"] },
  else: { required: ["dedup_key"] },
};

/** https://docs.opsgenie.com/docs/alert-api, "Create Alert": fields and limits. */
export const opsgenieCreateSchema: Schema = plainObject(["message"], {
  message: text(130),
  alias: text(512),
  description: { type: "string", maxLength: 15_000 },
  responders: {
    type: "array",
    maxItems: 50,
    items: plainObject(["type"], {
      type: { enum: ["team", "user", "escalation", "schedule"] },
      name: { type: "string" },
      id: { type: "string" },
      username: { type: "string" },
    }),
  },
  tags: { type: "array", maxItems: 20, items: text(50) },
  details: { type: "object", additionalProperties: { type: "string" } },
  entity: { type: "string", maxLength: 512 },
  source: { type: "string", maxLength: 100 },
  priority: { enum: ["P1", "P2", "P3", "P4", "P5"] },
  user: { type: "string", maxLength: 100 },
  note: { type: "string", maxLength: 25_000 },
});

/** https://docs.opsgenie.com/docs/alert-api, "Acknowledge Alert" and "Close Alert". */
export const opsgenieActionSchema: Schema = plainObject([], {
  user: { type: "string", maxLength: 100 },
  source: { type: "string", maxLength: 100 },
  note: { type: "string", maxLength: 25_000 },
});
