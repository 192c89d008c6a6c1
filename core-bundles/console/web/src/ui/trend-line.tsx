// A line as small as a word, for cells and texts; what it shows is said in words too.
import type { ReactNode } from 'react';
import { HEIGHT, highest, line, WIDTH } from './trend';

interface TrendProps {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** drawn over it at the same height, as something bad */
  readonly bad?: readonly (number | null)[];
}

export function Trend({ label, values, bad = [] }: TrendProps): ReactNode {
  const top = highest(values, bad);
  return (
    <svg className="trend" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path d={line(values, top)} />
      {bad.some((value) => (value ?? 0) > 0) && <path className="bad" d={line(bad, top)} />}
    </svg>
  );
}
