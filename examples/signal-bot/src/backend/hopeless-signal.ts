// A signal that no further try can help.

/** It is set aside, with an error in the log, so that those behind it are not kept waiting. */
export class HopelessSignal extends Error {
  override readonly name = "HopelessSignal";
}
