// The handwritten files agree with each other, with the catalogue, and with what they promise.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { metricCatalogue } from "@tracebook/metrics";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { collectorPath } from "./collector-path.ts";
import { promqlProblems, readPromql } from "./dashboards/query-syntax.ts";
import { recordingRules } from "./rules/recording-rules.ts";
import { OTHER_NAMES, toWireName, wireNames } from "./wire-names.ts";

const text = (path: string): string => readFileSync(collectorPath(path), "utf8");
// biome-ignore lint/suspicious/noExplicitAny: documents of other makers' formats, read here and there
const yaml = (path: string): any => parse(text(path), { merge: true });

describe("the Collector", () => {
  const config = yaml("otelcol.yaml");
  const pipelines = Object.entries<{ receivers: string[]; processors: string[]; exporters: string[] }>(
    config.service.pipelines,
  );

  it("limits its memory first, and takes secrets out of all that comes in", () => {
    for (const [name, { receivers, processors }] of pipelines.filter(([, { receivers }]) =>
      receivers.includes("otlp"),
    )) {
      expect(processors.slice(0, 3), `${name} from ${receivers}`).toEqual([
        "memory_limiter",
        "redaction/names",
        "redaction/values",
      ]);
    }
    expect(pipelines.filter(([, { receivers }]) => receivers.includes("otlp"))).toHaveLength(3);
  });

  it("keeps what bears a keep reason by its first policy", () => {
    const { policies } = config.processors.tail_sampling;
    expect(policies[0].ottl_condition.span).toEqual(['span.attributes["trading.keep_reason"] != nil']);
  });

  it("samples in the scale-out variant by the same rules, and writes past the sampler what is acknowledged there", () => {
    const sampler = yaml("scale-out/sampler.yaml");
    const { memory_limiter: _limits, ...processors } = sampler.processors;
    for (const [name, processor] of Object.entries(processors))
      expect(processor, name).toEqual(config.processors[name]);
    const ways = ({ service }: typeof config) =>
      ["traces/kept", "traces/sampled"].map((name) => {
        const { receivers, processors } = service.pipelines[name];
        return { name, receivers, processors };
      });
    expect(ways(sampler)).toEqual(ways(config));
    expect(sampler.service.pipelines.traces.exporters).toEqual(["forward/kept", "forward/sampling"]);
  });

  it("feeds the tables that the store on ClickHouse has made, and makes none", () => {
    const { clickhouse } = yaml("scale-out/writer.yaml").exporters;
    expect(clickhouse).toMatchObject({ json: false, create_schema: false, async_insert: false });
    expect(clickhouse.database).toContain(":-tracebook}");
    for (const name of ["ttl", "logs_table_name", "traces_table_name", "cluster_name"])
      expect(clickhouse).not.toHaveProperty(name);
  });

  it("lets no memory of dropped traces decide about an error that comes later", () => {
    const { decision_wait, decision_cache } = config.processors.tail_sampling;
    expect(decision_wait).toContain(":-30s}");
    expect(decision_cache.non_sampled_cache_size).toContain(":-0}");
  });

  it("shows pushed metrics for longer than the minute that SDKs wait between two pushes, and for less than two", () => {
    const seconds = Number(/^(\d+)s$/.exec(config.exporters.prometheus.metric_expiration)?.[1]);
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThan(120);
  });

  it("gathers no log record in memory before it is on the disk", () => {
    const { sending_queue: queue } = config.exporters["otlp_http/loki"];
    expect(queue.storage).toBe("file_storage/queues");
    expect(queue).not.toHaveProperty("batch");
    expect(config.service.pipelines.logs.processors.join()).not.toContain("batch");
  });

  it("gives all exporters that push a queue on the disk and no end of patience", () => {
    for (const [name, exporter] of Object.entries<Record<string, { storage?: string; max_elapsed_time?: string }>>(
      config.exporters,
    )) {
      if (name === "prometheus") continue;
      expect(exporter["sending_queue"]?.storage, name).toBe("file_storage/queues");
      expect(exporter["retry_on_failure"]?.max_elapsed_time, name).toBe("0s");
    }
  });

  it("uses every part that it configures", () => {
    const used = new Set(
      pipelines.flatMap(([, { receivers, processors, exporters }]) => [...receivers, ...processors, ...exporters]),
    );
    for (const kind of ["receivers", "processors", "connectors", "exporters"])
      for (const name of Object.keys(config[kind])) expect([...used], kind).toContain(name);
  });

  it("is built from one release", () => {
    for (const manifest of ["builder.yaml", "scale-out/builder.yaml"]) {
      const versions = new Set(text(manifest).match(/ v\d+\.\d+\.\d+$/gm));
      expect([...versions].sort()).toEqual([" v0.159.0", " v1.65.0"]);
    }
  });
});

describe("Prometheus", () => {
  const config = yaml("prometheus/prometheus.yml");
  const jobs: { job_name: string; scrape_interval?: string; static_configs?: { labels?: { tier?: string } }[] }[] =
    config.scrape_configs;

  it("asks services every 10 s and the rest every 30 s", () => {
    for (const { job_name, scrape_interval, static_configs } of jobs) {
      const isService = static_configs?.[0]?.labels?.tier === "services" || job_name === "otel-collector-services";
      expect(scrape_interval ?? config.global.scrape_interval, job_name).toBe(isService ? "10s" : "30s");
    }
  });

  const { metric_relabel_configs: relabelled } = config.scrape_configs.find(
    ({ job_name }: { job_name: string }) => job_name === "otel-collector-services",
  );

  it("drops from the Collector what it scrapes itself, and nothing else", () => {
    const services = jobs.filter(({ static_configs }) => static_configs?.[0]?.labels?.tier === "services");
    expect(relabelled.find(({ action }: { action: string }) => action === "drop").regex.split("|")).toEqual(
      services.map(({ job_name }) => job_name),
    );
  });

  it.each([
    ["basis-trader", undefined],
    ["trading/basis-trader", undefined],
    ["another", "another"],
    ["trading/another", "another"],
  ])("makes of the job %s that the Collector shows %s, with a namespace or without", (job, expected) => {
    expect(relabelJob(job, relabelled)).toBe(expected);
  });

  it("is tested with series that exist", () => {
    const known = knownNames();
    for (const file of readdirSync(collectorPath("prometheus/rules/tests"))) {
      const { tests } = yaml(`prometheus/rules/tests/${file}`);
      for (const { input_series } of tests)
        for (const { series } of input_series)
          expect([...known], file).toContain(/^\w+/.exec(series)?.[0]?.replace(/_bucket$/, ""));
    }
  });
});

describe("docs/operations.md", () => {
  const queries = [
    ...text("../docs/operations.md").matchAll(
      /`([^`\n]*\b(?:sum|rate|max|histogram_quantile|delta|topk)\b[^`\n]*\([^`\n]*)`/g,
    ),
  ];
  it("has queries that Prometheus can read, about metrics that exist", () => {
    expect(queries.length).toBeGreaterThan(20);
    const known = [...knownNames()];
    for (const [, query = ""] of queries) {
      const plain = query.replaceAll("\\|", "|");
      expect(promqlProblems(plain), plain).toEqual([]);
      for (const { name } of readPromql(plain).metrics)
        expect(known, plain).toContain(name.replace(/_(?:bucket|count|sum)$/, ""));
    }
  });
});

describe("Alertmanager", () => {
  it("holds no secret", () => {
    const values =
      text("alertmanager/alertmanager.yml").match(/^\s*-?\s*(?!#)(\w*(?:key|url|token|password)\w*):/gm) ?? [];
    expect(values.length).toBeGreaterThan(3);
    for (const name of values) expect(name).toMatch(/_file:$/);
  });
});

describe("Alertmanager's inhibitions", () => {
  const { inhibit_rules: rules } = yaml("alertmanager/alertmanager.yml");

  it("mute nothing for what one instance of a service does", () => {
    expect(JSON.stringify(rules)).not.toMatch(/TradingServiceDown|"equal":\["job"\]/);
  });

  it("take the Collector for gone only where it is gone itself", () => {
    for (const { source_matchers } of rules)
      expect(source_matchers).toEqual(['alertname="CollectorDown"', 'job="otel-collector"']);
  });
});

describe("compose", () => {
  const { services } = yaml("compose.yaml");
  it.each(Object.entries<{ image: string; volumes?: string[]; read_only: boolean }>(services))(
    "pins %s, keeps its file system read-only, and mounts what exists",
    (_name, { image, volumes = [], read_only }) => {
      expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      expect(read_only).toBe(true);
      for (const volume of volumes.filter((one) => one.startsWith("."))) {
        expect(existsSync(collectorPath(volume.split(":")[0] ?? "")), volume).toBe(true);
        expect(volume).toMatch(/:ro$/);
      }
    },
  );

  it("lets Grafana update no plugin of its image, which it could only break", () => {
    expect(services.grafana.environment.GF_PLUGINS_PREINSTALL_AUTO_UPDATE).toBe("false");
  });

  it("has no setting that environment.example does not name", () => {
    const asked = new Set([...text("compose.yaml").matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    const given = new Set([...text("environment.example").matchAll(/^(\w+)=/gm)].map(([, name]) => name));
    expect([...asked].sort()).toEqual([...given].sort());
  });
});

describe("Grafana", () => {
  it("has the data sources that dashboards name", () => {
    const { datasources } = yaml("grafana/provisioning/datasources/datasources.yaml");
    expect(datasources.map(({ uid }: { uid: string }) => uid)).toEqual(["prometheus", "tempo", "loki", "alertmanager"]);
  });
});

/** What is left of a job after the rules that set or look at it; undefined where its series are dropped. */
function relabelJob(
  job: string,
  rules: { action?: string; regex: string; source_labels?: string[] }[],
): string | undefined {
  let left = job;
  for (const { action = "replace", regex } of rules.filter(({ source_labels }) => source_labels?.[0] === "job")) {
    const found = new RegExp(`^(?:${regex})$`).exec(left);
    if (found === null) continue;
    if (action === "drop") return undefined;
    left = found[1] ?? left;
  }
  return left;
}

function knownNames(): Set<string> {
  const catalogue = Object.values(metricCatalogue()).map(({ name }) => toWireName(name));
  const recorded = recordingRules(wireNames()).map(({ record }) => record);
  const items = ["spans", "log_records", "metric_points"];
  const collector = ["receiver_refused", "exporter_send_failed"].flatMap((what) =>
    items.map((item) => `otelcol_${what}_${item}_total`),
  );
  return new Set([...catalogue, ...recorded, ...collector, ...Object.values(OTHER_NAMES)]);
}
