import { expect, it } from 'vitest';
import { highest, line, sum } from './trend';

it('draws a line from the bottom for nothing to the top for the highest', () => {
  expect(line([0, 10, 5], 10)).toBe('M0 15L29.5 1L59 8');
});

it('breaks where there is no value, and shows a lone one', () => {
  expect(line([null, 10, null, 0, 10], 10)).toBe('M14.75 1h0.01M44.25 15L59 1');
  expect(line([], 1)).toBe('');
});

it('measures several lines by one height', () => {
  expect(highest([1, 7, null], [3])).toBe(7);
  expect(highest([0, null])).toBe(1);
  expect(sum([1, null, 2])).toBe(3);
});
