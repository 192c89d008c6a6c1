/** What a breached gate measured, in words and numbers that fit a cell. */
export interface Compared {
  readonly gate: string;
  readonly old: string;
  readonly fresh: string;
  readonly limit: string;
  readonly calls: string;
  readonly where: string;
}

/** What one version did in the present step. */
export interface Side {
  readonly calls: string;
  readonly failed: string;
  readonly refused: string;
  readonly time: string;
}

/** What both versions did as of a moment. */
export interface Seen {
  readonly at: string;
  readonly old: Side;
  readonly fresh: Side;
  /** of the answers that were compared, how many differed; null when none were */
  readonly different: string | null;
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

/** Null before the first look. */
export function seenIn(document: unknown): Seen | null {
  if (typeof document !== 'object' || document === null) return null;
  const { at, old, new: fresh, compared, different } = document as Record<string, unknown>;
  if (typeof at !== 'string') return null;
  return { at, old: side(old), fresh: side(fresh), different: typeof compared === 'number' && compared > 0 ? `${String(different)} of ${compared}` : null };
}

function side(document: unknown): Side {
  const { calls, failed, refused, seconds } = (document ?? {}) as Record<string, unknown>;
  const all = typeof calls === 'number' ? calls : 0;
  const part = (value: unknown, of: number) => (typeof value === 'number' && value > 0 ? `${value} (${Number(((value / of) * 100).toFixed(1))} %)` : '0');
  return { calls: String(all), failed: part(failed, all), refused: part(refused, all + (typeof refused === 'number' ? refused : 0)), time: number('latency', seconds) };
}
