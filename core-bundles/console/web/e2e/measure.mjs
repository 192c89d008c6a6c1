// Measures the console as people see it, in the Chromium of the machine, against a server that runs and is full. Writes one line of
// JSON for each figure: what, a number or numbers, and how.
// usage: node e2e/measure.mjs SCENE.json
//   base, chromium, token; tenant and environment (with instances), adapter (NAME of one with instances); loads (of each page);
//   events (to be fed to a page), seconds (within which), tabs (to be open at once)
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { availableParallelism, loadavg } from 'node:os';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const scene = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { tenant, environment, adapter } = scene;
const own = `tenant=${tenant}&environment=${environment}`;
const busy = () => `load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} processors`;
const tell = (what, values, how) => console.log(JSON.stringify({ what, values, how, busy: busy() }));

const ROWS = '#main tbody th[scope="row"], #main .empty';
const NOTHING = 'Nothing matches';
/** Each list: where it is, and a filter of it with what every row then says. */
const LISTS = [
  ['adapters', '/adapters', { label: 'Name', value: adapter, expect: adapter }],
  ['adapter, where installed', `/adapters/${adapter}/1.0.0`],
  ['publishers', '/publishers'],
  ['quarantine', '/quarantine'],
  ['instances of a tenant', `/instances?tenant=${tenant}`, { label: 'Type', select: 'identity', expect: NOTHING }],
  ['instances of an environment', `/instances?${own}`, { label: 'Adapter', value: 'no-such-adapter', expect: NOTHING }],
  ['health', `/health?tenant=${tenant}`],
  ['tenants', '/tenants', { label: 'Id begins with', value: tenant, expect: tenant }],
  ['environments of a tenant', `/tenants/${tenant}?tenant=${tenant}`],
  ['members', `/members?tenant=${tenant}`],
  ['tokens', '/tokens'],
  ['sessions', '/sessions'],
  ['identity providers', '/identity-providers'],
  ['secrets', `/secrets?${own}`],
  ['decisions', '/policy/decisions', { label: 'Outcome', select: 'deny', expect: NOTHING }],
  ['approvals', '/approvals', { label: 'State', select: 'rejected', expect: NOTHING }],
  ['receipts', '/receipts', { label: 'Actor', value: 'user:nobody', expect: NOTHING }],
  ['security events', '/security-events', { label: 'Principal', value: 'user:nobody', expect: NOTHING }],
  ['rollouts', `/adapters/${adapter}/rollouts`],
];
const OTHERS = [
  // what it takes to show the frame of any page
  ['a page that asks for nothing', '/no-such-page', '#main h1, #main h2'],
  ['overview', '/', '#main .card li, #main .card .good'],
  ['overview of a tenant', `/?tenant=${tenant}`, '#main .card li, #main .card .good'],
  ['an instance', `/instances/${scene.instance}?${own}`, '#main .facts dd'],
];

const browser = await chromium.launch({ executablePath: scene.chromium, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--enable-precise-memory-info'] });

/** A browser that has never been here, logged in; `drawn` is what a page has to show to count as painted. */
async function visitor(drawn) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  await context.addInitScript(
    ([token, selector]) => {
      sessionStorage.setItem('maestro.token', token);
      const look = () => {
        const there = document.querySelector(selector) !== null && document.querySelector('#main .pf-v6-c-skeleton') === null;
        if (there) requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    [scene.token, drawn],
  );
  return context;
}

async function drawn(page, base, path) {
  await page.goto(`${base}/console${path}`, { waitUntil: 'commit' });
  return (await page.waitForFunction(() => window.drawnAt, undefined, { timeout: 60_000 })).jsonValue();
}

/** From the moment that a person has chosen until every row is what was asked for, in ms. */
async function filtered(page, filter) {
  const field = page.locator('#main').getByLabel(filter.label, { exact: true });
  if (filter.value !== undefined) await field.fill(filter.value);
  await page.evaluate(
    ([expect, nothing]) => {
      window.filteredAfter = undefined;
      const begin = () => {
        const start = performance.now();
        const look = () => {
          const rows = [...document.querySelectorAll('#main tbody tr')].map((row) => row.textContent);
          const done = expect === nothing ? (document.querySelector('#main .empty')?.textContent ?? '').includes(nothing) : rows.length > 0 && rows.every((row) => row.includes(expect));
          if (done && document.querySelector('#main [aria-busy="true"]') === null) requestAnimationFrame(() => setTimeout(() => (window.filteredAfter = performance.now() - start)));
          else requestAnimationFrame(look);
        };
        look();
      };
      addEventListener('keydown', begin, { capture: true, once: true });
      addEventListener('change', begin, { capture: true, once: true });
    },
    [filter.expect, NOTHING],
  );
  if (filter.select === undefined) await field.press('Enter');
  else await field.selectOption(filter.select);
  return (await page.waitForFunction(() => window.filteredAfter, undefined, { timeout: 60_000 })).jsonValue();
}

async function measureEntry() {
  const html = await (await fetch(`${scene.base}/console/`)).text();
  const scripts = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((match) => match[1]);
  let size = 0;
  for (const script of scripts) size += gzipSync(Buffer.from(await (await fetch(new URL(script, scene.base))).arrayBuffer()), { level: 9 }).length;
  tell('entry', [size / 1000], scripts.length === 1 ? 'one script' : `${scripts.length} scripts that the page loads at once`);
}

async function measurePages() {
  for (const [name, path, filter, selector] of [...OTHERS.map(([a, b, c]) => [a, b, undefined, c]), ...LISTS.map(([a, b, c]) => [a, b, c, ROWS])]) {
    const paints = [];
    const filters = [];
    for (let i = 0; i < scene.loads; i++) {
      const context = await visitor(selector);
      try {
        const page = await context.newPage();
        paints.push(await drawn(page, scene.base, path));
        if (filter !== undefined) filters.push(await filtered(page, filter));
      } catch (error) {
        tell('failed', [], `${name}: ${String(error.message).split('\n')[0]}`);
      }
      await context.close();
    }
    if (paints.length > 0) tell('paint', paints, name);
    if (filters.length > 0) tell('filter', filters, `${name} by ${filter.label}`);
  }
}

/** Everything as it is, but for the stream of events, which this script writes; `streams` has those that are open. */
async function stage(streams) {
  const target = new URL(scene.base);
  const server = createServer((incoming, outgoing) => {
    if (incoming.url.startsWith('/api/events')) {
      outgoing.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      outgoing.write(': here\n\n');
      streams.add(outgoing);
      incoming.on('close', () => streams.delete(outgoing));
      return;
    }
    const passed = httpRequest({ host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers: { ...incoming.headers, host: target.host } }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function frame(number) {
  const cursor = `${1_000_000 + number}-1`;
  const event = {
    cursor, type: 'instance.observed', version: 1, id: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`, at: new Date().toISOString(),
    tenant, environment, action: null, subject: { type: 'adapter-instance', name: scene.instance }, actor: null, correlationId: null,
    detail: { observed: number % 2 === 0 ? 'running' : 'stopped', node: 'measured', problem: null },
  };
  return `id: ${cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

async function heap(session) {
  // what only weak references and finalizers hold goes with a later one
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize / (1 << 20);
}

async function measureHeap() {
  const streams = new Set();
  const staged = await stage(streams);
  const context = await visitor(ROWS);
  const lists = await context.newPage();
  let requests = 0;
  lists.on('request', () => (requests += 1));
  await drawn(lists, staged.base, `/instances?${own}`);
  const session = await context.newCDPSession(lists);
  while (streams.size === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const ticks = scene.seconds * 10;
  const sizes = [];
  let sent = 0;
  const begun = Date.now();
  for (let tick = 1; tick <= ticks; tick++) {
    const due = Math.floor((scene.events * tick) / ticks);
    let text = '';
    while (sent < due) text += frame(sent++);
    for (const stream of streams) stream.write(text);
    // the first tenth is for what is made once
    if (tick % (ticks / 10) === 0) sizes.push(await heap(session));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + tick * 100 - Date.now())));
  }
  tell('heap', sizes, `${sent} events within ${Math.round((Date.now() - begun) / 1000)} s, ${requests} requests of the page meanwhile`);
  await context.close();
  staged.close();
}

async function measureTabs() {
  const context = await visitor(ROWS);
  const paths = LISTS.filter(([, , filter]) => filter !== undefined).map(([, path]) => path);
  const tabs = [];
  const paints = [];
  let streams = 0;
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/events') streams += 1;
  });
  for (let i = 0; i < scene.tabs; i++) {
    const tab = await context.newPage();
    tabs.push(tab);
    paints.push(await drawn(tab, scene.base, paths[i % paths.length]));
  }
  tell('tabs', paints, `${streams} stream${streams === 1 ? '' : 's'} for ${tabs.length} tabs`);
  await Promise.all(tabs.map((tab) => tab.goto(`${scene.base}/console/tenants`)));
  await Promise.all(tabs.map((tab) => tab.waitForFunction(() => document.querySelector('.liveness')?.textContent === 'live', undefined, { timeout: 60_000 })));
  const id = 'a-first';
  const seen = tabs.map((tab) => tab.locator('#main tbody').getByRole('link', { name: id, exact: true }).waitFor({ timeout: 60_000 }).then(() => Date.now()));
  const made = Date.now();
  const answer = await fetch(`${scene.base}/api/tenants`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${scene.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ id, displayName: 'Comes while ten look' }),
  });
  if (!answer.ok) throw new Error(`a tenant cannot be created: ${await answer.text()}`);
  tell('told', (await Promise.all(seen)).map((at) => at - made), 'from the request that creates a tenant to its row in each tab');
  await context.close();
}

for (const measure of [measureEntry, measurePages, measureHeap, measureTabs]) {
  try {
    await measure();
  } catch (error) {
    tell('failed', [], `${measure.name}: ${String(error.message).split('\n')[0]}`);
  }
}
await browser.close();
