// What is taken for a destination, and what is said of the rest.
import { expect, test } from "vitest";
import { TracebookConfigError } from "./config-error.ts";
import { checkDestination, checkDestinations } from "./telemetry-destination.ts";

const take = (): Promise<void> => Promise.resolve();
const problemOf = (check: () => unknown): TracebookConfigError => {
  try {
    check();
  } catch (error) {
    if (error instanceof TracebookConfigError) return error;
    throw error;
  }
  throw new Error("it was taken");
};

test.each([
  ["nothing", undefined, "A destination is undefined, not an object"],
  ["text", "desk", 'A destination is "desk", not an object'],
  ["no name", { take }, "The name of a destination is undefined, not printable text of 1 to 64 characters"],
  ["an empty name", { name: " ", take }, 'The name of a destination is " ", not printable text'],
  ["a long name", { name: "x".repeat(65), take }, "not printable text of 1 to 64 characters"],
  ["a name of two lines", { name: "a\nb", take }, 'The name of a destination is "a\\u{a}b", not printable text'],
  ["the name of OTLP", { name: "otlp", take }, 'The name of a destination is "otlp", which is that of'],
  ["no take", { name: "desk" }, 'take of the destination "desk" is undefined, not a function'],
  ["a getter that throws", Object.defineProperty({}, "name", { get: () => expect.unreachable() }), "cannot be read"],
])("%s is refused, and the message says what is wrong", (_, given, message) => {
  const problem = problemOf(() => checkDestination(given));
  expect(problem.code).toBe("invalid_option");
  expect(problem.message).toContain(message);
});

test("a name of 64 characters in any script is taken, and one that is special to objects", () => {
  for (const name of ["ö".repeat(64), "Bücher 😀", "__proto__"])
    expect(checkDestination({ name, take }).name).toBe(name);
});

test("take is called on the object that was given, which may be changed afterwards", async () => {
  const given = {
    name: "desk",
    stored: [] as string[],
    take(this: { stored: string[] }, signal: string) {
      this.stored.push(signal);
      return Promise.resolve();
    },
  };
  const destination = checkDestination(given);
  given.name = "another";
  given.take = () => expect.unreachable();
  await destination.take("logs", new Uint8Array(), "protobuf");
  expect([destination.name, given.stored]).toEqual(["desk", ["logs"]]);
});

test("a list of them is taken, none at all too; two of one name are not", () => {
  expect(checkDestinations(undefined)).toEqual([]);
  const names = ["desk", "archive"];
  expect(checkDestinations(names.map((name) => ({ name, take }))).map(({ name }) => name)).toEqual(names);
  expect(problemOf(() => checkDestinations({ name: "desk", take })).message).toContain("not a list of destinations");
  const two = problemOf(() =>
    checkDestinations([
      { name: "desk", take },
      { name: "desk", take },
    ]),
  );
  expect(two.message).toContain('There is a destination "desk" already: give this one another name.');
});
