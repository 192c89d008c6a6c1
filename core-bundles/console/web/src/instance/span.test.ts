import { expect, it } from 'vitest';
import { during } from './span';

it('reaches from before a call began to after it ended', () => {
  expect(during({ at: '2026-11-20T22:00:10.500Z', milliseconds: 5_000.25 })).toEqual({ from: '2026-11-20T22:00:03.499Z', until: '2026-11-20T22:00:12.500Z' });
});
