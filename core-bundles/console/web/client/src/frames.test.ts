import { expect, it } from 'vitest';
import { EventParser } from './frames.js';

it('puts an event together from pieces, and keeps the id until there is another', () => {
  const parser = new EventParser();
  expect(parser.push('id: 7\nevent: instance.obse')).toEqual([]);
  expect(parser.push('rved\ndata: {"a":\ndata: 1}\n\n: heartbeat\n\ndata: text\n\n')).toEqual([
    { id: '7', type: 'instance.observed', data: { a: 1 } },
    { id: '7', type: 'message', data: 'text' },
  ]);
  expect(parser.reached).toBe('7');
  expect(parser.push(': still here\nid: 9\n\n')).toEqual([]);
  expect(parser.reached).toBe('9');
});
