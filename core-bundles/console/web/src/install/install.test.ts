import { describe, expect, it } from 'vitest';
import { LineReader, took } from './lines';
import { reach } from './reach';

const step = (check: string) => JSON.stringify({ step: { check, result: 'passed', detail: 'x', tookMicros: 5 } });

describe('the lines of an installation', () => {
  it('are read once each, when they are complete', () => {
    const reader = new LineReader();
    const whole = `${step('bytes')}\n${step('archive')}\n{"status":201}\n`;
    const first = step('bytes').length + 1;

    expect(reader.push('')).toEqual([]);
    expect(reader.push(whole.slice(0, first - 1))).toEqual([]);
    expect(reader.push(whole.slice(0, first + 5)).map((line) => line.step?.check)).toEqual(['bytes']);
    expect(reader.push(whole.slice(0, first + 9))).toEqual([]);
    expect(reader.push(whole)).toEqual([JSON.parse(step('archive')), { status: 201 }]);
    expect(reader.push(whole)).toEqual([]);
  });

  it('are refused when they are no JSON', () => expect(() => new LineReader().push('<html>\n')).toThrow());

  it.each([
    [900, 'under 1 ms'],
    [12_400, '12 ms'],
    [2_340_000, '2.3 s'],
  ])('took %d µs: %s', (micros, text) => expect(took(micros)).toBe(text));
});

describe('the reach of an installation', () => {
  const nothing = { bundlesInstalled: ['a@1.1.0'], bundlesRemoved: [], instancesOpened: [], instancesClosed: [], instancesSwitched: [], tenantsTouched: [] };
  const wants = (gained: string[], importsGained: string[] = []) => ({ gained, lost: [], importsGained, importsLost: [] });
  const before = { version: '1.0.0', permissions: { network: ['*.example.com'], files: true, packages: ['java.sql'] } };

  it('is none when nothing runs otherwise and nothing is gained', () => {
    expect(reach({ effects: nothing, permissions: wants([]) }, null)).toEqual([]);
    expect(reach({ effects: nothing, permissions: wants(['network:*.example.com', 'files'], ['java.sql']) }, before)).toEqual([]);
  });

  it('is what the version before had not', () => {
    expect(reach({ effects: nothing, permissions: wants(['network:*.example.com', 'network:evil.example'], ['java.net']) }, before)).toEqual(['It gains what 1.0.0 had not: network:evil.example, package:java.net.']);
  });

  it('is all that the first version wants', () => {
    expect(reach({ effects: nothing, permissions: wants(['files']) }, null)).toEqual(['It gains files.']);
  });

  it('is what runs, and whose it is', () => {
    const effects = { ...nothing, instancesSwitched: ['acme/prod/files'], tenantsTouched: ['acme'] };
    expect(reach({ effects, permissions: wants([]) }, before)).toEqual(['It touches what runs: acme/prod/files.', 'It touches tenants: acme.']);
  });
});
