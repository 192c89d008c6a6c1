import { expect, it } from 'vitest';
import { samples, total } from './metrics';

const text = `# HELP mc_instances instances
# TYPE mc_instances gauge
mc_instances{observed="failed"} 2
mc_instances{observed="running"} 5
mc_adapter_calls_total{tenant="a",instance="q\\"x\\\\",outcome="ok"} 7
mc_facts_waiting 0
`;

it('reads names, tags and values', () => {
  expect(samples(text)).toHaveLength(4);
  expect(samples(text)[2]).toEqual({ name: 'mc_adapter_calls_total', tags: { tenant: 'a', instance: 'q"x\\', outcome: 'ok' }, value: 7 });
});

it('adds up what has the tags', () => {
  expect(total(samples(text), 'mc_instances', { observed: 'failed' })).toBe(2);
  expect(total(samples(text), 'mc_instances')).toBe(7);
  expect(total(samples(text), 'mc_none')).toBe(0);
});
