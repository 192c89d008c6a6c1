// Google's emulator of Firebase Storage, for the part of Google Cloud Storage's JSON API that it speaks. Configured by PORT.
// Started by its parts: as a whole it would fetch a runtime for security rules from outside, which the JSON API does not ask.
// What is under /token is ours, and gives the one token that the emulator knows.
const { createServer } = require('node:http');
const { EmulatorRegistry } = require('firebase-tools/lib/emulator/registry');
const { StorageEmulator } = require('firebase-tools/lib/emulator/storage');
const { createApp } = require('firebase-tools/lib/emulator/storage/server');

const port = Number(process.env.PORT);
const project = 'demo-tests-only';
const emulator = new StorageEmulator({ projectId: project, rules: { name: 'none', content: '' }, host: '127.0.0.1', port });
EmulatorRegistry.set('storage', emulator);

createApp(project, emulator).then((app) => {
  createServer((request, response) => {
    if (request.url === '/token') {
      request.resume();
      response.end(JSON.stringify({ access_token: 'owner', expires_in: 3600, token_type: 'Bearer' }));
    } else {
      app(request, response);
    }
  }).listen(port, '127.0.0.1');
});
