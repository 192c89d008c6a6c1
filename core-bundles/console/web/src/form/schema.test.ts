import { describe, expect, it } from 'vitest';
import { begin, check, kindOf, masked, resolved, withValue, type Schema } from './schema';

const s3: Schema = {
  type: 'object',
  required: ['endpoint', 'secretAccessKey'],
  properties: {
    endpoint: { type: 'string', pattern: '^https?://[^/?#@]+/?$', maxLength: 30 },
    secretAccessKey: { type: 'string', minLength: 1, writeOnly: true },
    limit: { type: 'integer', minimum: 1, maximum: 10 },
    pathStyle: { type: 'boolean', default: true },
    mode: { enum: ['a', 'b'] },
    hosts: { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 2 },
    retry: { $ref: '#/$defs/retry' },
    loop: { $ref: '#/$defs/loop' },
  },
  $defs: { retry: { type: 'object', required: ['times'], properties: { times: { type: 'integer' } } }, loop: { $ref: '#/$defs/loop' } },
};
const good = { endpoint: 'https://s3.test', secretAccessKey: 'x' };
const pointers = (value: unknown, kept: string[] = []) => check(value, s3, s3, '', new Set(kept)).map((one) => one.pointer);

describe('check', () => {
  it('accepts what fits', () => {
    expect(pointers({ ...good, limit: 3, mode: 'a', hosts: ['h'], retry: { times: 1 }, pathStyle: false })).toEqual([]);
  });

  it('names what is missing, within objects too', () => {
    expect(pointers({ retry: {} })).toEqual(['/endpoint', '/secretAccessKey', '/retry/times']);
  });

  it('takes a secret that the server keeps as given, and a reference as a value', () => {
    expect(pointers({ endpoint: good.endpoint }, ['/secretAccessKey'])).toEqual([]);
    expect(pointers({ ...good, secretAccessKey: { $secret: 'shared/s3' } })).toEqual([]);
  });

  it('finds values out of bounds, of the wrong kind, and not of a list', () => {
    expect(pointers({ ...good, endpoint: 'ftp://x' })).toEqual(['/endpoint']);
    expect(pointers({ ...good, endpoint: `https://${'x'.repeat(40)}` })).toEqual(['/endpoint']);
    expect(pointers({ ...good, limit: 11 })).toEqual(['/limit']);
    expect(pointers({ ...good, limit: 1.5 })).toEqual(['/limit']);
    expect(pointers({ ...good, limit: Number.NaN })).toEqual(['/limit']);
    expect(pointers({ ...good, mode: 'c' })).toEqual(['/mode']);
    expect(pointers({ ...good, hosts: ['', 'b'] })).toEqual(['/hosts']);
    expect(pointers({ ...good, hosts: ['a', 'b', 'c'] })).toEqual(['/hosts']);
    expect(pointers({ ...good, pathStyle: 'yes' })).toEqual(['/pathStyle']);
    expect(pointers([])).toEqual(['']);
  });

  it('leaves a pattern that it does not understand to the server', () => {
    expect(check('x', { type: 'string', pattern: '(?i)x' })).toEqual([]);
  });
});

describe('kindOf', () => {
  it('has a field for what fields can hold, and JSON for the rest', () => {
    const kinds = Object.values(s3.properties ?? {}).map((property) => kindOf(resolved(property, s3)));
    expect(kinds).toEqual(['text', 'secret', 'whole', 'flag', 'choice', 'texts', 'group', 'json']);
    expect(kindOf({ type: ['string', 'null'] })).toBe('text');
    expect(kindOf({ type: ['string', 'integer'] })).toBe('json');
  });
});

describe('begin, withValue and masked', () => {
  it('begins with what the schema says', () => {
    expect(begin(s3)).toEqual({ pathStyle: true });
  });

  it('takes away what is emptied', () => {
    expect(withValue({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
    expect(withValue({ a: 1 }, 'a', 3)).toEqual({ a: 3 });
  });

  it('never shows a secret that was typed', () => {
    expect(JSON.stringify(masked({ ...good, secretAccessKey: 'hush' }, s3))).not.toContain('hush');
    expect(masked({ secretAccessKey: { $secret: 'n' } }, s3)).toEqual({ secretAccessKey: { $secret: 'n' } });
  });
});
