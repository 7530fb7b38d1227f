// A file of collector/ that is made from code: where it lies and what it says.

/** A file as it must lie in `collector/`; `path` is relative to that folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}
