/** What a breached gate measured, in words and numbers that fit a cell. */
export interface Compared {
  readonly gate: string;
  readonly old: string;
  readonly fresh: string;
  readonly limit: string;
  readonly calls: string;
  readonly where: string;
}

const SHARES: readonly string[] = ['errors', 'rejections', 'refusals', 'differences'];
const SECONDS: readonly string[] = ['latency', 'standstill'];

/** Null when the report is not about numbers: a version that did not open has none. */
export function compared(report: unknown): Compared | null {
  if (typeof report !== 'object' || report === null || !('old' in report)) return null;
  const { gate, old, new: fresh, limit, calls, member } = report as Record<string, unknown>;
  if (typeof gate !== 'string') return null;
  const shown = (value: unknown) => number(gate, value);
  return { gate, old: shown(old), fresh: shown(fresh), limit: shown(limit), calls: String(calls ?? '–'), where: place(member) };
}

function number(gate: string, value: unknown): string {
  if (typeof value !== 'number') return '–';
  if (SHARES.includes(gate)) return `${Number((value * 100).toFixed(2))} %`;
  if (SECONDS.includes(gate)) return value < 1 ? `${Number((value * 1000).toFixed(1))} ms` : `${Number(value.toFixed(2))} s`;
  return String(value);
}

function place(member: unknown): string {
  if (typeof member === 'string') return member === 'all' ? 'all instances together' : member;
  return '–';
}
