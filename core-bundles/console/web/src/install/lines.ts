import type { Schemas } from '../api/client';

export type Line = Schemas['InstallLine'];
export type Step = Schemas['VerificationStep'];

/** Reads an installation line by line out of an answer's text, as that grows. */
export class LineReader {
  #read = 0;

  /** The lines that are complete now and were not before; `text` is all that has come. */
  push(text: string): Line[] {
    const end = text.lastIndexOf('\n') + 1;
    if (end <= this.#read) return [];
    const fresh = text.slice(this.#read, end);
    this.#read = end;
    return fresh
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  }
}

/** How long a check took, in words that fit beside it. */
export function took(micros: number): string {
  if (micros < 1_000) return 'under 1 ms';
  return micros < 1_000_000 ? `${Math.round(micros / 1_000)} ms` : `${Number((micros / 1_000_000).toFixed(1))} s`;
}
