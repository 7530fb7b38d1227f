// One order out of several, each of which knows a part of it.

/** Flows have some ten stages. */
const MAX_NAMES = 256;

/**
 * The names of all `orders` in one that contradicts none of them, as far as that can be: what comes after another name in any of them comes
 * after it. Where they contradict each other, or say nothing, the longest order counts. A name that comes twice counts where it comes first.
 */
export function mergeOrders(orders: readonly (readonly string[])[]): readonly string[] {
  const longestFirst = orders.map((order) => [...new Set(order)]).sort((a, b) => b.length - a.length);
  const left = new Set(longestFirst.flat().slice(0, MAX_NAMES));
  const before = new Map<string, Set<string>>([...left].map((name) => [name, new Set()]));
  for (const order of longestFirst)
    for (const [i, name] of order.entries()) if (i > 0) before.get(name)?.add(order[i - 1]!);
  const merged: string[] = [];
  while (left.size > 0) {
    const isFree = (name: string) => [...before.get(name)!].every((one) => !left.has(one));
    const next = [...left].find(isFree) ?? [...left][0]!;
    left.delete(next);
    merged.push(next);
  }
  return merged;
}
