// Who is speaking: the OpenTelemetry resource of this process.
import { arch, hostname, type } from "node:os";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { Redactor } from "@tracebook/core";
import { boundAttributes } from "@tracebook/core/extension";
import type { TelemetryConfig } from "./config.ts";

/**
 * The resource, one object for all signals, since exporters group by its identity. The command line is left out on purpose:
 * keys are passed there.
 */
export function createResource(config: TelemetryConfig, instanceId: string, redactor: Redactor): Resource {
  return resourceFromAttributes({
    "host.name": hostname(),
    "host.arch": arch(),
    "os.type": type().toLowerCase(),
    "process.pid": process.pid,
    "process.runtime.name": "nodejs",
    "process.runtime.version": process.versions.node,
    "telemetry.distro.name": "tracebook",
    "telemetry.distro.version": "0.1.0",
    ...boundAttributes(config.resourceAttributes, redactor),
    "service.name": config.serviceName,
    "service.instance.id": instanceId,
    ...(config.environment === undefined ? undefined : { "deployment.environment.name": config.environment }),
  });
}
