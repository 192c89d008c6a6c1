// A small line of how something went, and the same in words and numbers.
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { rates, type Point } from './rates';

const KEPT = 60;

/** Remembers a counter as it is seen, for as long as the page is open. */
export function useHistory(at: number, value: number | undefined): readonly Point[] {
  const [points, setPoints] = useState<readonly Point[]>([]);
  useEffect(() => {
    if (value === undefined || at === 0) return;
    setPoints((before) => (before.at(-1)?.at === at ? before : [...before.slice(1 - KEPT), { at, value }]));
  }, [at, value]);
  return points;
}

export function Sparkline({ label, history }: { label: string; history: readonly Point[] }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const series = rates(history);
  const last = series.at(-1)?.value;
  useEffect(() => {
    const host = place.current;
    if (host === null || series.length < 2) return;
    let gone = false;
    let plot: { destroy: () => void } | undefined;
    void import('uplot').then(({ default: Plot }) => {
      if (gone) return;
      plot = new Plot(
        {
          width: 120,
          height: 34,
          cursor: { show: false },
          legend: { show: false },
          axes: [{ show: false }, { show: false }],
          scales: { y: { range: (_, low, high) => [Math.min(0, low), Math.max(1, high)] } },
          series: [{}, { stroke: getComputedStyle(host).color, width: 1.5, points: { show: false } }],
        },
        [series.map((point) => point.at / 1000), series.map((point) => point.value)],
        host,
      );
    });
    return () => {
      gone = true;
      plot?.destroy();
    };
  });
  const text = last === undefined ? `${label}: not known before the second look` : `${label}: ${last.toFixed(1)} now, ${series.length} values since this page was opened`;
  return (
    <div className="figure spark">
      <span className="value">{last === undefined ? '–' : last.toFixed(1)}</span>
      <span className="name">{label}</span>
      <div ref={place} className="plot" role="img" aria-label={text} />
    </div>
  );
}
