// A real OpenID Connect provider for trying and testing: oidc-provider with two people, two programs and rotation of keys.
// Configured by the environment: PORT, and TOKEN_SECONDS for the life of access tokens.
// What is under /test is ours; everything else is the library's.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const port = Number(process.env.PORT);
const tokenSeconds = Number(process.env.TOKEN_SECONDS ?? 600);
const issuer = `http://127.0.0.1:${port}`;
const audience = 'maestro';
// what a program asks for with the parameter resource, when it wants a token for the server
const resource = 'urn:maestro';

const people = {
  alice: { name: 'Alice Example', email: 'alice@example.org', roles: ['maestro-admins'], department: 'finance' },
  bob: { name: 'Bob Example', email: 'bob@example.org', roles: ['maestro-developers'], department: 'engineering' },
};
// what a program is, by its client id
const programs = {
  maestro: { roles: ['maestro-developers'], department: 'automation' },
};

const clients = [
  {
    client_id: 'maestro',
    client_secret: 'a-client-secret-of-tests-only',
    grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [
      `${issuer}/test/callback`,
      ...(process.env.REDIRECT_URIS ?? '').split(' ').filter((uri) => uri !== ''),
    ],
    post_logout_redirect_uris: [`${issuer}/test/bye`],
  },
  {
    client_id: 'maestro-cli',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // the port does not count for a native client's loopback address (RFC 8252)
    redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
  },
];

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomUUID() };
}

// what was granted outlives a rotation, as it would in a database
const stored = new Map();

class Memory {
  constructor(model) {
    this.model = model;
  }

  key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload, expiresIn) {
    stored.set(this.key(id), { payload, until: expiresIn ? Date.now() + expiresIn * 1000 : Infinity });
  }

  async find(id) {
    const entry = stored.get(this.key(id));
    return entry && entry.until > Date.now() ? entry.payload : undefined;
  }

  async findByUid(uid) {
    return this.first('uid', uid);
  }

  async findByUserCode(userCode) {
    return this.first('userCode', userCode);
  }

  first(property, value) {
    for (const [key, entry] of stored) {
      if (key.startsWith(`${this.model}:`) && entry.payload[property] === value) {
        return entry.payload;
      }
    }
    return undefined;
  }

  async consume(id) {
    const entry = stored.get(this.key(id));
    if (entry) {
      entry.payload.consumed = Math.floor(Date.now() / 1000);
    }
  }

  async destroy(id) {
    stored.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    for (const [key, entry] of stored) {
      if (entry.payload.grantId === grantId) {
        stored.delete(key);
      }
    }
  }
}

const cookieKey = randomUUID();

/** An address that ends in /* stands for all below it: a server's redirect URI may have an id that is not known yet. */
function allowBelow(made) {
  const exactly = made.Client.prototype.redirectUriAllowed;
  made.Client.prototype.redirectUriAllowed = function redirectUriAllowed(value) {
    return (
      exactly.call(this, value) ||
      this.redirectUris.some(
        (uri) => uri.endsWith('/*') && /^[\w-]+$/.test(value.slice(uri.length - 1)) && value.startsWith(uri.slice(0, -1)),
      )
    );
  };
}

function provider(keys) {
  const made = new Provider(issuer, {
    adapter: Memory,
    clients,
    jwks: { keys },
    cookies: { keys: [cookieKey] },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name', 'roles', 'department'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      userinfo: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid profile email offline_access',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: tokenSeconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    ttl: { ClientCredentials: tokenSeconds, AccessToken: tokenSeconds, IdToken: tokenSeconds },
    extraTokenClaims: (context, token) => {
      const { name, ...known } = people[token.accountId] ?? programs[token.clientId] ?? {};
      return name === undefined ? known : { name, ...known };
    },
    findAccount: (context, id) =>
      people[id] && {
        accountId: id,
        claims: () => ({ sub: id, email_verified: true, ...people[id] }),
      },
    interactions: { url: (context, interaction) => `/test/interaction/${interaction.uid}` },
  });
  allowBelow(made);
  return { handle: made.callback(), made };
}

let keys = [signingKey()];
let current = provider(keys);
let keyFetches = 0;

/** A new key signs from now on; the old ones stay published. */
function rotate() {
  keys = [signingKey(), ...keys].slice(0, 5);
  current = provider(keys);
}

function page(response, body) {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(`<!doctype html><title>Peer</title>${body}`);
}

/** Asks who it is, or takes the answer; then grants everything that was asked for. */
async function interaction(request, response, url) {
  const { made } = current;
  const details = await made.interactionDetails(request, response);
  if (details.prompt.name === 'login') {
    const login = url.searchParams.get('login') ?? details.params.login_hint;
    if (people[login] === undefined) {
      const links = Object.keys(people).map((id) => `<li><a href="?login=${id}">${id}</a>`);
      page(response, `<h1>Who are you?</h1><ul>${links.join('')}</ul>`);
      return;
    }
    await made.interactionFinished(request, response, { login: { accountId: login } });
    return;
  }
  const grant = new made.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  grant.addResourceScope(resource, details.params.scope);
  await made.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

async function ours(request, response, url) {
  if (url.pathname.startsWith('/test/interaction/')) {
    await interaction(request, response, url);
  } else if (url.pathname === '/test/rotate' && request.method === 'POST') {
    rotate();
    response.end(keys[0].kid);
  } else if (url.pathname === '/test/key-fetches') {
    response.end(String(keyFetches));
  } else if (url.pathname === '/test/callback') {
    page(response, '<h1>Logged in</h1>');
  } else {
    response.statusCode = 404;
    response.end();
  }
}

createServer((request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname.startsWith('/test/')) {
    ours(request, response, url).catch((failure) => {
      response.statusCode = 500;
      response.end(String(failure));
    });
    return;
  }
  if (url.pathname === '/jwks') {
    keyFetches += 1;
  }
  current.handle(request, response);
}).listen(port, '127.0.0.1', () => console.log(`OpenID Connect on ${issuer}`));
