// A real SCIM 2.0 server for trying and testing: scimmy on express, with directories in memory.
// Configured by the environment: PORT, ETAGS=false for a server without ETags, and DIRECTORY with TOKEN for one directory
// that is there from the start.
// What is under /test is ours, and so is what a handler has to bring: keeping, uniqueness, ETags. Everything else is the library's.
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

const port = Number(process.env.PORT);
const etags = process.env.ETAGS !== 'false';
const base = `http://127.0.0.1:${port}`;
const ScimError = SCIMMY.Types.Error;

// directories by name; each has a token, users and groups
const directories = new Map();

function makeDirectory(name, token) {
  directories.set(name, { token, users: new Map(), groups: new Map() });
}

// faults that the next requests run into, in this order
let faults = [];

/** A filter's texts are JSON strings (RFC 7644, 3.4.2.2), but the library leaves their escapes as they are. */
function decoded(value) {
  if (Array.isArray(value)) {
    return value.map(decoded);
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decoded(inner)]));
  }
  return typeof value === 'string' && value.includes('\\') ? JSON.parse(`"${value}"`) : value;
}

function matching(filter, resources) {
  return filter === undefined ? resources : new SCIMMY.Types.Filter(decoded([...filter])).match(resources);
}

function found(kept, id) {
  const resource = kept.get(id);
  if (resource === undefined) {
    throw new ScimError(404, null, `Resource ${id} not found`);
  }
  return resource;
}

/** The condition is checked and the resource kept in one step: nothing is awaited in between. */
function keep(kept, id, values, ifMatch) {
  const before = id === undefined ? undefined : found(kept, id);
  if (etags && ifMatch !== undefined && ifMatch !== '*' && ifMatch !== before?.meta.version) {
    throw new ScimError(412, null, `The resource has the version ${before?.meta.version}`);
  }
  const now = new Date();
  const resource = {
    ...values,
    id: before?.id ?? randomUUID(),
    meta: {
      created: before?.meta.created ?? now,
      lastModified: now,
      ...(etags ? { version: `W/"${randomUUID()}"` } : {}),
    },
  };
  kept.set(resource.id, resource);
  return resource;
}

function requireUnique(users, id, { userName }) {
  for (const other of users.values()) {
    if (other.id !== id && other.userName.toLowerCase() === userName.toLowerCase()) {
      throw new ScimError(409, 'uniqueness', `The userName "${userName}" is taken`);
    }
  }
}

/** Groups come with the user, but are kept with the group. */
function withGroups(directory, user) {
  const groups = [...directory.groups.values()]
    .filter((group) => group.members.some(({ value }) => value === user.id))
    .map((group) => ({ value: group.id, display: group.displayName, type: 'direct' }));
  return { ...user, groups };
}

function plain(instance) {
  const { meta, schemas, groups, ...values } = JSON.parse(JSON.stringify(instance));
  return values;
}

function distinct(values = []) {
  return [...new Map(values.map((value) => [value.value, value])).values()];
}

SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .egress((resource, { directory }) => {
    if (resource.id !== undefined) {
      return withGroups(directory, found(directory.users, resource.id));
    }
    return matching(
      resource.filter,
      [...directory.users.values()].map((user) => withGroups(directory, user)),
    );
  })
  .ingress((resource, instance, { directory, ifMatch }) => {
    const values = plain(instance);
    if (values.emails?.some(({ value }) => value.endsWith('@refused.invalid'))) {
      throw new ScimError(400, 'invalidValue', 'emails must not end with @refused.invalid');
    }
    requireUnique(directory.users, resource.id, values);
    return withGroups(directory, keep(directory.users, resource.id, values, ifMatch));
  })
  .degress((resource, { directory }) => {
    directory.users.delete(found(directory.users, resource.id).id);
  });

SCIMMY.Resources.declare(SCIMMY.Resources.Group)
  .egress((resource, { directory }) =>
    resource.id === undefined
      ? matching(resource.filter, [...directory.groups.values()])
      : found(directory.groups, resource.id),
  )
  .ingress((resource, instance, { directory, ifMatch }) => {
    const values = plain(instance);
    return keep(directory.groups, resource.id, { ...values, members: distinct(values.members) }, ifMatch);
  })
  .degress((resource, { directory }) => {
    directory.groups.delete(found(directory.groups, resource.id).id);
  });

SCIMMY.Config.set({ etag: etags, filter: { supported: true, maxResults: 200 } });

const scim = new SCIMMYRouters({
  type: 'bearer',
  docUri: 'https://www.rfc-editor.org/rfc/rfc6750',
  handler: (request) => {
    if (request.header('authorization') !== `Bearer ${request.directory.token}`) {
      throw new Error('The bearer token is not one of this directory');
    }
  },
  context: (request) => ({ directory: request.directory, ifMatch: request.header('if-match') }),
  baseUri: () => base,
});

/** Lets a request run into the first fault that is for it. */
function stumble(request, response, next) {
  const fault = faults.find(({ methods }) => methods === undefined || methods.includes(request.method));
  if (fault === undefined) {
    next();
    return;
  }
  fault.times -= 1;
  faults = faults.filter(({ times }) => times > 0);
  if (fault.status !== undefined) {
    if (fault.retryAfter !== undefined) {
      response.setHeader('Retry-After', String(fault.retryAfter));
    }
    response.status(fault.status).type('application/scim+json').send({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(fault.status),
      detail: 'As the test has it',
    });
  } else if (fault.cut === 'before') {
    request.socket.destroy();
  } else {
    // the request is done, and the answer lost
    response.end = () => request.socket.destroy();
    next();
  }
}

const ours = express.Router();
ours.use(express.json());
ours.get('/ready', (request, response) => response.send('ready'));
ours.post('/directories', (request, response) => {
  const name = randomUUID();
  makeDirectory(name, `token-${randomUUID()}`);
  response.status(201).send({ path: `/${name}/scim/v2`, token: directories.get(name).token });
});
ours.post('/faults', (request, response) => {
  faults.push({ times: 1, ...request.body });
  response.status(204).end();
});

const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.use('/test', ours);
app.use(
  '/:directory/scim/v2',
  (request, response, next) => {
    request.directory = directories.get(request.params.directory);
    if (request.directory === undefined) {
      response.status(404).send('There is nothing here');
    } else {
      next();
    }
  },
  stumble,
  scim,
);
if (process.env.DIRECTORY !== undefined) {
  makeDirectory(process.env.DIRECTORY, process.env.TOKEN);
}
app.listen(port, '127.0.0.1', () => console.log(`SCIM on ${base}`));
