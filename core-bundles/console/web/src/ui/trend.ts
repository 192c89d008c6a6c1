// How a short series of numbers looks as a line.

export const WIDTH = 59;
export const HEIGHT = 16;
const ROOM = 1;

/** The path of an SVG line through the values, from left to right; a value that is null breaks it, a lone one is a dot. */
export function line(values: readonly (number | null)[], top: number): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  const path: string[] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    const place = `${round(i * step)} ${round(HEIGHT - ROOM - (Math.min(value, top) / top) * (HEIGHT - 2 * ROOM))}`;
    const before = values[i - 1] ?? null;
    const after = values[i + 1] ?? null;
    if (before !== null) path.push(`L${place}`);
    else path.push(after === null ? `M${place}h0.01` : `M${place}`);
  });
  return path.join('');
}

/** The largest of all values; at least one, so that nothing is drawn at the bottom. */
export function highest(...series: readonly (readonly (number | null)[])[]): number {
  return series.flat().reduce<number>((top, value) => Math.max(top, value ?? 0), 1);
}

export function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((all, value) => all + (value ?? 0), 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
