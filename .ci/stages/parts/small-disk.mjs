// Disks that are soon full, in folders that go when the stage goes.
import { mountSmallDisk } from "../../../packages/node/faults/harness/small-disk.ts";
import { scratchFolder } from "./workspace.mjs";

export { enterMountNamespace } from "../../../packages/node/faults/harness/mount-namespace.ts";

/** Mounts an empty disk of `mebibytes`, read-only if told so: `{ dir, fill, free }`; gone with this process. */
export function mountDisk(mebibytes, { isReadOnly = false } = {}) {
  const dir = scratchFolder("disk");
  return { dir, ...mountSmallDisk(dir, mebibytes, isReadOnly) };
}
