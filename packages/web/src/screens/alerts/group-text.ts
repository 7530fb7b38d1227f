// The labels of a group of alerts in a few words.

/** `BTC/USDT, binance` of the values; a value that is empty is said by its name. Empty where there are no labels. */
export function groupText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => (value === "" ? `no ${name.slice(0, 40)}` : value.slice(0, 60)))
    .join(", ");
}
