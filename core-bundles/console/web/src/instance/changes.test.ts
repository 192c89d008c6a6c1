import { describe, expect, it } from 'vitest';
import { changes } from './changes';

describe('what is different in a configuration', () => {
  it('is said by property, with what was and what will be', () => {
    expect(changes({ bucket: 'a', deep: { x: 1, y: [1] }, old: true }, { bucket: 'b', deep: { x: 1, y: [1, 2] }, fresh: null })).toEqual([
      '/bucket goes from "a" to "b"',
      '/deep/y goes from [1] to [1,2]',
      '/old goes; it was true',
      '/fresh is set to null',
    ]);
  });

  it('is nothing when only the order is another', () => {
    expect(changes({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
  });

  it('is as pointers write it, and not without end', () => {
    expect(changes({}, { 'a/b': 1 })).toEqual(['/a~1b is set to 1']);
    expect(changes({}, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, i]))).at(-1)).toBe('and 10 more');
  });
});
