// What all items of a resource and a scope have in common.
import type { InputSource } from "../store-input.ts";
import type { AttributeList } from "./attribute-list.ts";
import type { OtlpSettings } from "./otlp-options.ts";

/** Whose items they are, and who made them. */
export interface ItemGroup {
  /** One object for all items of a resource. */
  readonly source: InputSource;
  /** The name of the instrumentation scope. */
  readonly scope: string;
}

/** The source that the attributes of a resource name. */
export function toSource(resource: AttributeList, { cleaner }: OtlpSettings): InputSource {
  const hostName = resource.idText("host.name", cleaner);
  return {
    serviceName: resource.idText("service.name", cleaner),
    instanceId: resource.idText("service.instance.id", cleaner),
    ...(hostName === "" ? undefined : { hostName }),
  };
}
