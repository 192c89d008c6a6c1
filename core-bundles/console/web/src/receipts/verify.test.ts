import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonical, KeyRing, verifyExport, verifyReceipt } from './verify';

const example = readFileSync(new URL('../../../../../docs/reference/receipts-example.ndjson', import.meta.url), 'utf8');
const lines = example.split('\n');
const header = JSON.parse(lines[0] ?? '') as { keys: { keyId: string; publicKey: string }[] };
const failed = (verdict: { findings: readonly { what: string; ok: boolean }[] }) => verdict.findings.filter((one) => !one.ok).map((one) => one.what);

describe('canonical', () => {
  it('sorts members by code units and writes numbers as ECMAScript does', () => {
    expect(canonical({ b: 1.0, a: [1e21, null, 'é\n'], '\u20ac': true, '\ud83d\ude00': false })).toBe('{"a":[1e+21,null,"é\\n"],"b":1,"€":true,"😀":false}');
  });
});

describe('verifyExport', () => {
  it('accepts the example of the documentation', async () => {
    const verdict = await verifyExport(example);
    expect(failed(verdict)).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.links.map((link) => link.sequence)).toEqual([1, 2, 3]);
    expect(verdict.chain).toBe('tenant:acme');
  });

  it('finds a changed receipt', async () => {
    const verdict = await verifyExport(example.replace('"action":"instance.stop"', '"action":"instance.start"'));
    expect(failed(verdict)).toContain('Signatures');
    expect(verdict.ok).toBe(false);
  });

  it('finds a receipt that was taken out', async () => {
    expect(failed(await verifyExport(lines.filter((_, i) => i !== 3).join('\n')))).toEqual(['Links', 'Whole']);
  });

  it('finds an end that was cut off', async () => {
    expect(failed(await verifyExport(lines.filter((_, i) => i !== 4).join('\n')))).toEqual(['Whole']);
  });

  it('finds a key that is not what it is called', async () => {
    const other = 'MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
    expect(failed(await verifyExport(example.replace(header.keys[0]?.publicKey ?? '', other)))).toContain('Keys');
  });
});

describe('verifyReceipt', () => {
  const line = JSON.parse(lines[2] ?? '') as { body: Record<string, unknown>; signature: string };
  const trailer = JSON.parse(lines.filter((text) => text !== '').at(-1) ?? '') as { trailer: { firstHash: string } };

  it('accepts a receipt whatever the order of its members', async () => {
    const body = Object.fromEntries(Object.entries(line.body).reverse());
    const findings = await verifyReceipt({ body, hash: trailer.trailer.firstHash, signature: line.signature }, await KeyRing.of(header.keys));
    expect(findings.map((finding) => finding.ok)).toEqual([true, true, true]);
  });

  it('takes keys as PEM too', async () => {
    const pem = header.keys.map((key) => ({ ...key, publicKey: `-----BEGIN PUBLIC KEY-----\n${key.publicKey}\n-----END PUBLIC KEY-----\n` }));
    const findings = await verifyReceipt({ body: line.body, hash: trailer.trailer.firstHash, signature: line.signature }, await KeyRing.of(pem));
    expect(findings.map((finding) => finding.ok)).toEqual([true, true, true]);
  });

  it('refuses one that says something else', async () => {
    const findings = await verifyReceipt({ body: { ...line.body, actor: 'token:mallory' }, hash: trailer.trailer.firstHash, signature: line.signature }, await KeyRing.of(header.keys));
    expect(findings.map((finding) => finding.ok)).toEqual([false, true, false]);
  });

  it('says when a receipt is not sealed yet', async () => {
    const findings = await verifyReceipt({ body: line.body, hash: null, signature: null }, await KeyRing.of(header.keys));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.ok).toBe(false);
  });
});
