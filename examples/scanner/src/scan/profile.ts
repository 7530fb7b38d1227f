// How demanding a scan is.

/** Thresholds of the quality gates. Decimals are text. */
export interface Profile {
  readonly name: ProfileName;
  /** A quote older than this many milliseconds is no data. */
  readonly maxQuoteAgeMs: number;
  readonly minCandles: number;
  /** Points, 0 to 100. */
  readonly minConfluence: string;
  readonly maxSpreadBps: string;
  /** In the quote asset, within ten basis points of the best price. */
  readonly minDepth: string;
  readonly minRiskReward: string;
}

/** The names that `--profile` takes. */
export type ProfileName = "balanced" | "strict" | "loose";

/** Every profile by its name. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = Object.freeze({
  balanced: {
    name: "balanced",
    maxQuoteAgeMs: 5_000,
    minCandles: 12,
    minConfluence: "62",
    maxSpreadBps: "5",
    minDepth: "50000",
    minRiskReward: "1.5",
  },
  strict: {
    name: "strict",
    maxQuoteAgeMs: 2_000,
    minCandles: 24,
    minConfluence: "72",
    maxSpreadBps: "2",
    minDepth: "100000",
    minRiskReward: "2",
  },
  loose: {
    name: "loose",
    maxQuoteAgeMs: 10_000,
    minCandles: 12,
    minConfluence: "54",
    maxSpreadBps: "12",
    minDepth: "10000",
    minRiskReward: "1",
  },
});

/** True for the name of a profile. */
export function isProfileName(value: string): value is ProfileName {
  return Object.hasOwn(PROFILES, value);
}
