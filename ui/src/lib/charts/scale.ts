/** A straight line from values to places. */
export type Scale = (value: number) => number;

export function linear(from: readonly [number, number], to: readonly [number, number]): Scale {
  const width = from[1] - from[0];
  if (width === 0) return () => to[0];
  return (value) => to[0] + ((value - from[0]) / width) * (to[1] - to[0]);
}

/** A step that people count in: 1, 2, 2.5 or 5 times a power of ten. */
export function niceStep(span: number, steps: number): number {
  if (!(span > 0)) return 1;
  const rough = span / Math.max(1, steps);
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10;
  return times * power;
}

/** Ticks that cover the values from end to end, zero among them when it lies between. */
export function ticks(low: number, high: number, steps: number): number[] {
  const step = niceStep(high - low, steps);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from(
    { length: Math.max(1, last - first) + 1 },
    (_, index) => (first + index) * step,
  );
}

/** Moves labels apart so that none covers another, each as near to its own place as that allows. */
export function spreadApart(places: readonly number[], gap: number, low: number, high: number) {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  const room = Math.min(gap, (high - low) / Math.max(1, order.length - 1));
  let floor = low;
  for (const entry of order) {
    entry.place = Math.max(entry.place, floor);
    floor = entry.place + room;
  }
  let ceiling = high;
  for (const entry of order.toReversed()) {
    entry.place = Math.min(entry.place, ceiling);
    ceiling = entry.place - room;
  }
  const spread = [...places];
  for (const entry of order) spread[entry.index] = entry.place;
  return spread;
}
