// Tempo and Loki take what the Collector sends, late or much, and the three can stand on one machine.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { collectorPath } from "./collector-path.ts";

// biome-ignore lint/suspicious/noExplicitAny: documents of other makers' formats, read here and there
const yaml = (path: string): any => parse(readFileSync(collectorPath(path), "utf8"), { merge: true });

const collector = yaml("otelcol.yaml");
const tempo = yaml("tempo.yaml");
const loki = yaml("loki.yaml");

/** The default of `${env:NAME:-default}` in a value. */
const byDefault = (value: string): string => value.replace(/\$\{env:\w+:-([^}]*)\}/g, "$1");
const portOf = (address: string): number => Number(/:(\d+)(?:\/|$)/.exec(byDefault(address))?.[1]);

describe("on one machine, without containers", () => {
  it("all three listen on ports of their own", () => {
    const { protocols } = collector.receivers.otlp;
    const own = collector.service.telemetry.metrics.readers[0].pull.exporter.prometheus.port;
    const ports = [
      portOf(protocols.grpc.endpoint),
      portOf(protocols.http.endpoint),
      portOf(collector.exporters.prometheus.endpoint),
      portOf(collector.extensions.health_check.endpoint),
      Number(byDefault(own)),
      tempo.server.http_listen_port,
      tempo.server.grpc_listen_port,
      portOf(tempo.distributor.receivers.otlp.protocols.grpc.endpoint),
      loki.server.http_listen_port,
      loki.server.grpc_listen_port,
    ];
    expect(ports.every((port) => port > 0)).toBe(true);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("the Collector sends where the two listen, there and in compose", () => {
    const otlp = portOf(tempo.distributor.receivers.otlp.protocols.grpc.endpoint);
    const { environment } = yaml("compose.yaml").services["otel-collector"];
    for (const endpoint of [collector.exporters["otlp_grpc/tempo"].endpoint, environment.TEMPO_ENDPOINT])
      expect(portOf(endpoint)).toBe(otlp);
    for (const endpoint of [collector.exporters["otlp_http/loki"].endpoint, environment.LOKI_ENDPOINT])
      expect(portOf(endpoint)).toBe(loki.server.http_listen_port);
  });

  it("neither of the two looks for a network interface by its name", () => {
    expect([tempo.live_store.ring.instance_addr, loki.common.instance_addr]).toEqual(["127.0.0.1", "127.0.0.1"]);
  });
});

describe("Tempo", () => {
  it("throws no trace away for the number of others, and bounds its memory by bytes", () => {
    expect(tempo.overrides.defaults.ingestion.max_traces_per_user).toBe(0);
    expect(tempo.live_store.max_live_traces_bytes).toBeGreaterThan(0);
  });

  it("finds what comes from a spool a day late", () => {
    expect(tempo.live_store.wal.ingestion_time_range_slack).toBe("24h");
  });

  it("searches all that it keeps", () => {
    const kept = tempo.backend_worker.compaction.block_retention;
    expect(tempo.query_frontend.search.max_duration).toBe(kept);
    expect(tempo.backend_scheduler.provider.compaction.compaction.block_retention).toBe(kept);
  });
});

describe("Loki", () => {
  it("takes what comes from a spool while newer records of the same stream arrive, and finds it", () => {
    expect(loki.limits_config.shard_streams).toEqual({ enabled: true, time_sharding_enabled: true });
    expect(loki.querier.query_ingesters_within).toBe("0s");
  });

  it("takes the largest request that the Collector passes on", () => {
    const largest = collector.receivers.otlp.protocols.http.max_request_body_size;
    expect(loki.server.grpc_server_max_recv_msg_size).toBe(largest);
    expect(loki.server.grpc_server_max_send_msg_size).toBe(largest);
  });
});
