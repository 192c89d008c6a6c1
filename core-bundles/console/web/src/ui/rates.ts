export interface Point {
  readonly at: number;
  readonly value: number;
}

/** How fast a counter grew between looks, per second; one that begins anew has grown from nothing. */
export function rates(counter: readonly Point[]): Point[] {
  return counter.slice(1).map((point, i) => {
    const before = counter[i] ?? point;
    const grown = point.value < before.value ? point.value : point.value - before.value;
    return { at: point.at, value: point.at === before.at ? 0 : (grown * 1000) / (point.at - before.at) };
  });
}
