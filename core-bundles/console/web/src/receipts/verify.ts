// Verifies receipts in the browser, by the format that docs/reference/receipts.md describes; asks the server for nothing but
// the bytes, and believes none of its verdicts.

export interface Key {
  readonly keyId: string;
  /** its SubjectPublicKeyInfo in base64, as PEM or bare */
  readonly publicKey: string;
}

export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Link {
  readonly sequence: number;
  readonly hash: string;
  readonly previousHash: string | null;
  readonly action: string;
  readonly signed: boolean;
  readonly linked: boolean;
}

export interface ChainVerdict {
  readonly chain: string;
  readonly root: string;
  readonly findings: readonly Finding[];
  readonly links: readonly Link[];
  readonly ok: boolean;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The canonical form of RFC 8785; numbers and texts are written as ECMAScript does. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = value as { readonly [name: string]: Json };
    // the usual order of texts is by UTF-16 code units, which is what the standard wants
    return `{${Object.keys(members)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonical(members[name] ?? null)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

const utf8 = new TextEncoder();

export async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return `sha256:${[...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function base64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** Keys by their fingerprints, each computed here. */
export class KeyRing {
  private readonly keys = new Map<string, CryptoKey>();

  /** Those of `keys` whose fingerprint is what they are called. */
  static async of(keys: readonly Key[]): Promise<KeyRing> {
    const ring = new KeyRing();
    for (const key of keys) {
      const spki = base64(key.publicKey.replace(/-----[A-Z ]+-----|\s/g, ''));
      const keyId = await digest(spki);
      if (keyId === key.keyId) {
        ring.keys.set(keyId, await crypto.subtle.importKey('spki', spki, { name: 'Ed25519' }, false, ['verify']));
      }
    }
    return ring;
  }

  async signed(keyId: string, signature: string, bytes: Uint8Array): Promise<boolean> {
    const key = this.keys.get(keyId);
    if (!key) return false;
    return crypto.subtle.verify({ name: 'Ed25519' }, key, base64(signature), bytes as Uint8Array<ArrayBuffer>);
  }

  has(keyId: string): boolean {
    return this.keys.has(keyId);
  }
}

/** One receipt as the API answers it: does its hash follow from its body, and did the key that it names sign it? */
export async function verifyReceipt(
  receipt: { readonly body: unknown; readonly hash: string | null; readonly signature: string | null },
  keys: KeyRing,
): Promise<Finding[]> {
  const body = receipt.body as { readonly keyId?: string };
  if (receipt.hash === null || receipt.signature === null || body.keyId === undefined) {
    return [{ what: 'Sealed', ok: false, detail: 'It has no place in its chain yet; receipts are sealed within about a second.' }];
  }
  const bytes = utf8.encode(canonical(receipt.body as Json));
  const hash = await digest(bytes);
  const signed = await keys.signed(body.keyId, receipt.signature, bytes);
  return [
    {
      what: 'Hash',
      ok: hash === receipt.hash,
      detail: hash === receipt.hash ? `SHA-256 of the canonical body is ${hash}` : `the body has ${hash}, the receipt says ${receipt.hash}`,
    },
    {
      what: 'Key',
      ok: keys.has(body.keyId),
      detail: keys.has(body.keyId) ? `${body.keyId} is the fingerprint of a known key` : `nobody introduced ${body.keyId}`,
    },
    { what: 'Signature', ok: signed, detail: signed ? 'Ed25519 over the canonical body, by that key' : 'that key did not sign this body' },
  ];
}

interface Line {
  readonly body: { readonly sequence: number; readonly previousHash: string | null; readonly keyId: string; readonly action: string; readonly chain: string };
  readonly signature: string;
}

interface Header {
  readonly format: string;
  readonly chain: string;
  readonly from: string | null;
  readonly keys: readonly (Key & { readonly introduction: Line })[];
}

interface Trailer {
  readonly signature: string;
  readonly trailer: {
    readonly count: number;
    readonly first: number;
    readonly last: number;
    readonly lastHash: string | null;
    readonly headerHash: string;
    readonly keyId: string;
  };
}

/** The bytes of `member` in a line that is in canonical form. */
function bytesOf(line: string, member: 'body' | 'trailer'): Uint8Array {
  const parsed = JSON.parse(line) as Record<string, Json>;
  return utf8.encode(canonical(parsed[member] ?? null));
}

/** A whole export. */
export async function verifyExport(text: string): Promise<ChainVerdict> {
  const lines = text.split('\n').filter((line) => line !== '');
  const header = JSON.parse(lines[0] ?? '{}') as Header;
  const ring = await KeyRing.of(header.keys);
  const findings: Finding[] = [];
  const add = (what: string, ok: boolean, good: string, bad: string) => findings.push({ what, ok, detail: ok ? good : bad });

  const wrongKeys = header.keys.filter((key) => !ring.has(key.keyId));
  add('Keys', wrongKeys.length === 0, `${header.keys.length} of them, each with its own fingerprint`, `${wrongKeys.map((key) => key.keyId).join(', ')}: not the fingerprint`);
  add(...(await introductions(header, ring)));

  const receipts = lines.slice(1, -1).filter((line) => !line.startsWith('{"checkpoint"'));
  const links: Link[] = [];
  let before: string | null = null;
  for (const [i, line] of receipts.entries()) {
    const { body, signature } = JSON.parse(line) as Line;
    const bytes = bytesOf(line, 'body');
    const first = i === 0;
    const previous: Link | undefined = links.at(-1);
    const linked = body.chain === header.chain && (first ? header.from !== null || (body.previousHash === null && body.sequence === 1) : body.previousHash === before && body.sequence === (previous?.sequence ?? 0) + 1);
    before = await digest(bytes);
    links.push({ sequence: body.sequence, hash: before, previousHash: body.previousHash, action: body.action, signed: await ring.signed(body.keyId, signature, bytes), linked });
  }
  const unsigned = links.filter((link) => !link.signed).map((link) => link.sequence);
  const unlinked = links.filter((link) => !link.linked).map((link) => link.sequence);
  add('Signatures', unsigned.length === 0, `all ${links.length} receipts are signed by keys of the header`, `not signed as they stand here: ${unsigned.join(', ')}`);
  add('Links', unlinked.length === 0, 'each names the hash of the one before it, without a gap', `the chain is broken at ${unlinked.join(', ')}`);

  const last = lines.at(-1) ?? '{}';
  const end = JSON.parse(last) as Trailer;
  const whole =
    end.trailer !== undefined &&
    (await ring.signed(end.trailer.keyId, end.signature, bytesOf(last, 'trailer'))) &&
    end.trailer.count === links.length &&
    end.trailer.lastHash === (links.at(-1)?.hash ?? null) &&
    end.trailer.headerHash === (await digest(utf8.encode(lines[0] ?? '')));
  add('Whole', whole, 'the signed last line counts the same receipts and names the same end', 'the last line does not fit: something is missing or was changed');

  return { chain: header.chain, root: header.keys[0]?.keyId ?? '', findings, links, ok: findings.every((finding) => finding.ok) };
}

/** Each key is vouched for by one before it; the first, by itself. */
async function introductions(header: Header, ring: KeyRing): Promise<[string, boolean, string, string]> {
  const vouched = new Set<string>();
  const bad: string[] = [];
  for (const [i, key] of header.keys.entries()) {
    const { body, signature } = key.introduction;
    const by = i === 0 ? body.keyId === key.keyId : vouched.has(body.keyId);
    const names = (body as unknown as { readonly subject: { readonly name: string } }).subject.name === key.keyId;
    if (by && names && (await ring.signed(body.keyId, signature, utf8.encode(canonical(body as unknown as Json))))) vouched.add(key.keyId);
    else bad.push(key.keyId);
  }
  return ['Introductions', bad.length === 0, 'each key was introduced by a receipt that a key before it signed', `nobody vouches for ${bad.join(', ')}`];
}
