// Metrics in Prometheus' text format, as far as sums over them are asked for.

/** The samples of a text: `[{ name, labels, value }]`. */
export function readSamples(text) {
  const samples = [];
  for (const line of text.split("\n")) {
    const found = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (found === null) continue;
    const labels = [...(found[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]);
    samples.push({ name: found[1], labels: Object.fromEntries(labels), value: Number(found[3]) });
  }
  return samples;
}

/** The sum of the samples of a name whose labels fit `wanted`. */
export function sampleSum(samples, name, wanted = {}) {
  return samples
    .filter((sample) => sample.name === name)
    .filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
