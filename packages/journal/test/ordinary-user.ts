// Somebody whom file permissions stop: whoever runs the tests, or who root becomes for the time of one.
import { chownSync } from "node:fs";

/** The user and the group that own nothing, on Linux and macOS as far as numbers go. */
const NOBODY = 65_534;

/**
 * Runs `work` as a user who is not root and owns `dir`; root is root again after it. Returns the user's number; undefined, without
 * running anything, where root may not become somebody else (a namespace with one user, a container without CAP_SETUID).
 */
export async function asOrdinaryUser(dir: string, work: () => Promise<void>): Promise<number | undefined> {
  const { geteuid, seteuid } = process;
  const self = geteuid?.();
  if (self !== 0) {
    await work();
    return self;
  }
  try {
    chownSync(dir, NOBODY, NOBODY);
    seteuid?.(NOBODY);
  } catch {
    return undefined;
  }
  try {
    await work();
  } finally {
    seteuid?.(0);
  }
  return NOBODY;
}
