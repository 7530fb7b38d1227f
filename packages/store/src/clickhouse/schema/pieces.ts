// Pieces of SQL that several tables have.

/** Attributes as the Collector's exporter stores them. */
export const ATTRIBUTES = "Map(LowCardinality(String), String) CODEC(ZSTD(1))";
/** The first id of all: 2024. Ids are milliseconds since then, 4,096 of them each, so that they stay below 2^53 until the year 2093. */
export const FIRST_ID_MILLIS = 1_704_067_200_000;
export const IDS_PER_MILLI = 4_096;

/** The id of a row that comes from somebody else: by when it is written, and its place among those that are written with it. */
export const ID = `id UInt64 DEFAULT toUInt64(toUnixTimestamp64Milli(now64(3)) - ${FIRST_ID_MILLIS}) * ${IDS_PER_MILLI} + rowNumberInAllBlocks() CODEC(Delta(8), ZSTD(1))`;

/** The second at which the bucket of a time begins, before 1970 too. */
export function bucketOf(micros: string, seconds: string): string {
  const width = `toInt64(${seconds}) * 1000000`;
  return `intDiv(${micros} - positiveModulo(${micros}, ${width}), 1000000)`;
}

/** A second as a `DateTime`, which knows no time before 1970 and none after 2105. */
export function dateTimeOf(second: string): string {
  return `toDateTime(least(greatest(${second}, 0), 4291747200), 'UTC')`;
}

/** A map of texts as a JSON object; what a text has of lists and objects is read again, as the exporter writes them. */
export function jsonOf(map: string, nameOf: (name: string) => string, isWanted = "1"): string {
  const pair = `concat(toJSONString(${nameOf("k")}), ':', if(match(v, '^[\\\\[{]') AND isValidJSON(v), v, toJSONString(v)))`;
  const wanted = `mapFilter((k, v) -> ${isWanted}, ${map})`;
  return `concat('{', arrayStringConcat(arrayMap((k, v) -> ${pair}, mapKeys(${wanted}), mapValues(${wanted})), ','), '}')`;
}

/** By whom a row is: as `instances` knows them. */
export const INSTANCE_KEY = "if(instance_id != '', instance_id, concat('service:', ServiceName))";
