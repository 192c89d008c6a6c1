import { describe, expect, it } from 'vitest';
import { compared, seenIn } from './report';
import { cliSteps, newest, steps } from './steps';

describe('the steps of a rollout', () => {
  const wanted = { tenants: 'acme, globex', percent: '10', hold: '30', rest: '60' };

  it('are the chosen tenants with a share of their calls, then all', () => {
    expect(steps(wanted)).toEqual([{ tenants: ['acme', 'globex'], percent: 10, holdSeconds: 30 }, { holdSeconds: 60 }]);
  });

  it('are one for everybody when nobody is chosen', () => {
    expect(steps({ ...wanted, tenants: ' ' })).toEqual([{ percent: 10, holdSeconds: 30 }, { holdSeconds: 60 }]);
    expect(steps({ ...wanted, tenants: '', percent: '100' })).toEqual([{ holdSeconds: 30 }]);
  });

  it.each([
    ['percent', '0'],
    ['percent', '101'],
    ['percent', '1.5'],
    ['hold', ''],
    ['hold', '86401'],
    ['rest', 'x'],
  ])('are none when %s is %j', (field, value) => expect(steps({ ...wanted, [field]: value })).toBeNull());

  it('read on the command line as they are sent', () => {
    expect(cliSteps({ tenants: ['acme', 'globex'], percent: 10, holdSeconds: 30 })).toBe('tenants=acme,globex percent=10 hold=30');
  });
});

describe('the report of a breach', () => {
  it('has shares as percentages and times as times', () => {
    expect(compared({ gate: 'errors', old: 0, new: 0.5, limit: 0.05, calls: 40, member: 'all' })).toEqual({ gate: 'errors', old: '0 %', fresh: '50 %', limit: '5 %', calls: '40', where: 'all instances together' });
    expect(compared({ gate: 'latency', old: 0.0123, new: 1.5, limit: 0.1, calls: 40, member: 'acme/prod/files' })).toMatchObject({ old: '12.3 ms', fresh: '1.5 s', where: 'acme/prod/files' });
  });

  it('is no table when it has no numbers', () => {
    expect(compared({ gate: 'open', code: 'instance-open-failed' })).toBeNull();
    expect(compared(null)).toBeNull();
  });
});

describe('what a rollout sees', () => {
  it('is told side by side', () => {
    const seen = seenIn({ at: '2026-11-27T22:00:00Z', old: { calls: 200, failed: 1, refused: 0, seconds: 0.012 }, new: { calls: 20, failed: 10, refused: 5, seconds: null }, compared: 8, different: 2 });
    expect(seen).toEqual({
      at: '2026-11-27T22:00:00Z',
      old: { calls: '200', failed: '1 (0.5 %)', refused: '0', time: '12 ms' },
      fresh: { calls: '20', failed: '10 (50 %)', refused: '5 (20 %)', time: '–' },
      different: '2 of 8',
    });
  });

  it('is nothing before the first look', () => expect(seenIn(null)).toBeNull());
});

it('offers the newest version that is no pre-release', () => {
  expect(newest(['2.0.0-rc.1', '1.1.0', '1.0.0'])).toBe('1.1.0');
  expect(newest(['2.0.0-rc.1'])).toBe('2.0.0-rc.1');
  expect(newest([])).toBe('');
});
