// What is different in a configuration, property by property.
import { escaped } from '../form/schema';

const MOST = 30;

/** Each difference in a line, from the first to the last; the values of secrets are not in configurations that the server shows. */
export function changes(before: unknown, after: unknown): string[] {
  const found: string[] = [];
  compare(before, after, '', found);
  return found.length > MOST ? [...found.slice(0, MOST), `and ${found.length - MOST} more`] : found;
}

function compare(before: unknown, after: unknown, pointer: string, found: string[]): void {
  if (isObject(before) && isObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) compare(before[name], after[name], `${pointer}/${escaped(name)}`, found);
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    if (before === undefined) found.push(`${pointer} is set to ${JSON.stringify(after)}`);
    else if (after === undefined) found.push(`${pointer} goes; it was ${JSON.stringify(before)}`);
    else found.push(`${pointer} goes from ${JSON.stringify(before)} to ${JSON.stringify(after)}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
