// The last word of a receiver on a metric: every process sends its metrics again at its end.

/** The points of the metric of `name` in the newest request that had it: `[{ labels, value, count }]`. */
export function metricPoints(metrics, name) {
  const newest = metrics.findLast((metric) => metric.name === name);
  const { dataPoints = [] } = newest?.sum ?? newest?.gauge ?? newest?.histogram ?? {};
  return dataPoints.map(({ attributes = [], asDouble, asInt, count }) => ({
    labels: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    value: asDouble ?? (asInt === undefined ? undefined : Number(asInt)),
    count: count === undefined ? undefined : Number(count),
  }));
}

/** The sum of the values of all points whose labels fit `wanted`. */
export function metricSum(metrics, name, wanted = {}) {
  return metricPoints(metrics, name)
    .filter(({ labels }) => Object.entries(wanted).every(([key, value]) => labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
