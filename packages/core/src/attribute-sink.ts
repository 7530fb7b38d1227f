// Where attributes go one by one: into an object, or straight into the bytes of a request.

/** Attributes that are ready to be exported. */
export type RecordAttributes = Record<string, string | number | boolean>;

/** Takes attributes in their order; a name comes once. */
export interface AttributeSink {
  text(name: string, value: string): void;
  /** A text that comes in pieces and is their concatenation; the array is the caller's and may change after the call. */
  pieces(name: string, pieces: readonly string[]): void;
  number(name: string, value: number): void;
  flag(name: string, value: boolean): void;
}

/** A sink that sets the attributes on an object; a name that is there already keeps its place and gets the new value. */
export function collectInto(attributes: RecordAttributes): AttributeSink {
  const set = (name: string, value: string | number | boolean): void => {
    attributes[name] = value;
  };
  return { text: set, number: set, flag: set, pieces: (name, pieces) => set(name, pieces.join("")) };
}
