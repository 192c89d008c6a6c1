// Shares and times in words that fit a cell.
import type { Schemas } from '../api/client';

/** The share of errors. */
export function share(window: Pick<Schemas['Window'], 'requests' | 'errors' | 'errorRate'>): string {
  if (window.requests === 0) return '–';
  return window.errors === 0 ? '0' : `${window.errors} (${(window.errorRate * 100).toFixed(window.errorRate < 0.1 ? 1 : 0)} %)`;
}

export function milliseconds(value: number | null): string {
  return value === null ? '–' : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
