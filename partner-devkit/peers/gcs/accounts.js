// Service accounts, and the token endpoint with the JWT bearer grant (RFC 7523), as
// https://developers.google.com/identity/protocols/oauth2/service-account#httprest has it.
import { generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { read, Refusal, sendJson } from './answers.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LONGEST = 3600;
const SKEW = 300;
const WRITE = ['devstorage.read_write', 'devstorage.full_control', 'cloud-platform'];
const READ = [...WRITE, 'devstorage.read_only'];

export class Accounts {
  tokenSeconds = LONGEST;
  issued = 0;
  #accounts = new Map();
  #tokens = new Map();

  constructor(audiences) {
    this.audiences = audiences;
  }

  /** A new account with one key. The private half is in the answer only. Role: user, viewer, none, or unknown for one that was deleted again. */
  make(role, tokenUri) {
    const name = `a${randomBytes(6).toString('hex')}`;
    const email = `${name}@tests-only.iam.gserviceaccount.com`;
    const keyId = randomBytes(20).toString('hex');
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    if (role !== 'unknown') {
      this.#accounts.set(email, { email, role, keyId, publicKey });
    }
    return {
      type: 'service_account',
      project_id: 'tests-only',
      private_key_id: keyId,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: email,
      client_id: '100000000000000000000',
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: tokenUri,
    };
  }

  named(email) {
    return this.#accounts.get(email);
  }

  /** No token is good any longer. */
  revoke() {
    this.#tokens.clear();
  }

  async answer(request, response) {
    const form = new URLSearchParams((await read(request, 65536)).toString('utf8'));
    if (form.get('grant_type') !== GRANT) {
      sendJson(response, 400, { error: 'unsupported_grant_type', error_description: 'Invalid grant_type' });
      return;
    }
    const refused = (description) => sendJson(response, 400, { error: 'invalid_grant', error_description: description });
    let parts;
    let claims;
    let header;
    try {
      parts = form.get('assertion').split('.');
      header = JSON.parse(Buffer.from(parts[0], 'base64url').toString('utf8'));
      claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString('utf8'));
    } catch {
      refused('Bad Request');
      return;
    }
    const account = this.#accounts.get(claims.iss);
    if (account === undefined) {
      refused('Invalid grant: account not found');
      return;
    }
    const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
    if (
      parts.length !== 3 ||
      header.alg !== 'RS256' ||
      (header.kid ?? account.keyId) !== account.keyId ||
      !verify('RSA-SHA256', signed, account.publicKey, Buffer.from(parts[2], 'base64url'))
    ) {
      refused('Invalid JWT Signature.');
      return;
    }
    const now = Date.now() / 1000;
    const timely = claims.iat <= now + SKEW && claims.exp > now && claims.exp - claims.iat <= LONGEST;
    if (!timely || !this.audiences.includes(claims.aud)) {
      refused('Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.');
      return;
    }
    if (typeof claims.scope !== 'string') {
      sendJson(response, 400, { error: 'invalid_scope', error_description: 'Invalid OAuth scope' });
      return;
    }
    const token = `ya29.c.${randomBytes(48).toString('base64url')}`;
    const scopes = claims.scope.split(' ').map((scope) => scope.replace('https://www.googleapis.com/auth/', ''));
    this.#tokens.set(token, { account, scopes, until: now + this.tokenSeconds });
    this.issued++;
    sendJson(response, 200, { access_token: token, expires_in: this.tokenSeconds, token_type: 'Bearer' });
  }

  /** Refuses whoever has no token, and whoever may not do this: 'read' or 'write'. */
  require(request, access, what) {
    const header = request.headers.authorization;
    const place = { locationType: 'header', location: 'Authorization' };
    if (header === undefined) {
      throw new Refusal(401, 'required', 'Login Required', place);
    }
    const token = this.#tokens.get(header.replace(/^Bearer /, ''));
    if (token === undefined || token.until < Date.now() / 1000) {
      throw new Refusal(401, 'authError', 'Invalid Credentials', place);
    }
    if (!token.scopes.some((scope) => (access === 'read' ? READ : WRITE).includes(scope))) {
      throw new Refusal(403, 'insufficientPermissions', 'Insufficient Permission');
    }
    this.permit(token.account, access, what);
  }

  permit(account, access, what) {
    if (account.role !== 'user' && !(account.role === 'viewer' && access === 'read')) {
      throw new Refusal(403, 'forbidden', `${account.email} does not have ${what} access to the Google Cloud Storage bucket.`);
    }
  }
}
