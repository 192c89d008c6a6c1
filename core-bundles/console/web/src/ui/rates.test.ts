import { expect, it } from 'vitest';
import { rates } from './rates';

it('tells growth per second, and from nothing after a restart', () => {
  const points = [
    { at: 0, value: 10 },
    { at: 2000, value: 30 },
    { at: 3000, value: 5 },
  ];
  expect(rates(points).map((point) => point.value)).toEqual([10, 5]);
  expect(rates(points.slice(0, 1))).toEqual([]);
});
