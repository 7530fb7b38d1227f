// What one side cannot say in the words of the other.

/** Thrown within this folder for a rule that has no equal on the other side; the message says why, and what is near. */
export class NotExpressible extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "NotExpressible";
  }
}
