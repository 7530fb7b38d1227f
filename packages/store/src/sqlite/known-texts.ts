// Texts that are keys of counts: as many as there is room for, and one name for the rest.

/** Which texts, and how many. */
export interface KnownTextsOptions {
  /** How many are told apart. */
  readonly most: number;
  /** What the others are counted under. */
  readonly other: string;
  /** Told apart in any case, and not counted towards the limit. */
  readonly always?: ReadonlySet<string>;
  /** Gives those that are in the database, at most as many as it is told. */
  readonly load: (most: number) => Iterable<string>;
}

/** Tells the texts that may be counted apart from those that are too many; an empty one may always. */
export class KnownTexts {
  readonly #options: KnownTextsOptions;
  readonly #known = new Set<string>();
  /** Since the last commit. */
  #added: string[] = [];
  #othersNow = 0;
  #others = 0;
  #isLoaded = false;

  constructor(options: KnownTextsOptions) {
    this.#options = options;
  }

  /** How often a text was one of the others, in what was committed. */
  get others(): number {
    return this.#others;
  }

  /** The text, or the name of the others when there are too many. Cost: a look into a set. */
  bounded(text: string): string {
    if (this.#known.has(text)) return text;
    const { most, other } = this.#options;
    if (this.#isFree(text)) return text;
    if (!this.#isLoaded) this.#fill();
    if (this.#known.has(text)) return text;
    if (this.#known.size >= most) {
      this.#othersNow++;
      return other;
    }
    this.#known.add(text);
    this.#added.push(text);
    return text;
  }

  /** What was asked for is in the database. */
  commit(): void {
    this.#others += this.#othersNow;
    this.#othersNow = 0;
    if (this.#added.length > 0) this.#added = [];
  }

  /** It is not. */
  rollBack(): void {
    for (const text of this.#added) this.#known.delete(text);
    this.#added = [];
    this.#othersNow = 0;
  }

  #fill(): void {
    const { most, load, always } = this.#options;
    for (const text of load(most + (always?.size ?? 0) + 2))
      if (!this.#isFree(text) && this.#known.size < most) this.#known.add(text);
    this.#isLoaded = true;
  }

  /** Told apart whatever else there is. */
  #isFree(text: string): boolean {
    const { other, always } = this.#options;
    return text === "" || text === other || always?.has(text) === true;
  }
}
