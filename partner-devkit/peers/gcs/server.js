// A protocol server written from the public description of Google Cloud Storage, for trying and testing. It is not Google's.
// What it answers is held against Google's own client (official-client.js) and what Google has documented, in tests of storage-gcs.
// Configured by the environment: PORT, and FOLDER for the bytes of objects, which are lost when it ends.
// What is under /test is ours; everything else is described at https://cloud.google.com/storage/docs/json_api/v1,
// https://cloud.google.com/storage/docs/access-control/signed-urls and RFC 7523.
import { createServer } from 'node:http';
import { Accounts } from './accounts.js';
import { Refusal, sendJson, sendRefusal } from './answers.js';
import { Buckets } from './buckets.js';
import { Controls } from './controls.js';
import { JsonApi } from './json-api.js';
import { SignedUrls } from './signed-urls.js';

const port = Number(process.env.PORT);
const endpoint = `http://127.0.0.1:${port}`;
// the second is what Google's client names, wherever its request is sent
const accounts = new Accounts([`${endpoint}/token`, 'https://www.googleapis.com/oauth2/v4/token']);
const buckets = new Buckets(process.env.FOLDER);
const controls = new Controls(accounts, buckets, endpoint);
const jsonApi = new JsonApi(accounts, buckets, controls, endpoint);
const signedUrls = new SignedUrls(accounts, buckets);

async function answer(request, response) {
  const url = new URL(request.url, endpoint);
  // not url.pathname, which loses what is encoded
  const path = request.url.split('?')[0];
  if (path.startsWith('/test/')) {
    await controls.answer(request, response, path);
  } else if (path === '/token' || /^\/(upload\/|download\/)?storage\/v1\//.test(path)) {
    if (controls.interferes(request, response)) {
      return;
    }
    if (path === '/token') {
      await accounts.answer(request, response);
    } else {
      await jsonApi.answer(request, response, path, url.searchParams);
    }
  } else if (path === '/') {
    sendJson(response, 200, {});
  } else {
    await signedUrls.answer(request, response, path);
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((failure) => {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (!(failure instanceof Refusal)) {
      console.error(failure);
    }
    sendRefusal(response, failure);
  });
});
// nothing ends by time: what a slow machine is still sending is wanted
server.requestTimeout = 0;
server.listen(port, '127.0.0.1');
