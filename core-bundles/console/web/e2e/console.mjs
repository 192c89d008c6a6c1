// Uses the console as people do, in the Chromium of the machine, against a server that runs. Says each step that was done in a
// line; ends with 0 when all were, when no page broke its content security policy, and when axe found nothing.
// usage: node e2e/console.mjs SCENE.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** switches (kill and restart of the S3 server), s3 (fields of its form), alice and bob (people of initech, where an act waits), base, chromium, tenant (to be made), admin and stranger (tokens), strangerTenant, signed and unsigned (files), definition, images (a folder, or null) */
const scene = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tenant = scene.tenant;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const browser = await chromium.launch({ executablePath: scene.chromium, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'] });
const broken = [];

async function visitor(colours = 'light') {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: colours, reducedMotion: 'reduce', timezoneId: 'UTC' });
  await context.exposeBinding('cspBroken', (_, what) => broken.push(what));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.cspBroken(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => broken.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(scene.base) && !request.url().startsWith('data:')) broken.push(`a request to ${request.url()}`);
  });
  return page;
}

async function step(name, act) {
  try {
    await act();
    console.log(`done: ${name}`);
  } catch (error) {
    console.log(`FAILED: ${name}: ${error.message}`);
    if (scene.failure) await current.screenshot({ path: scene.failure }).catch(() => undefined);
    await browser.close();
    process.exit(1);
  }
}

const inaccessible = [];
async function look(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  for (const violation of found.violations) {
    inaccessible.push(`${name}: ${violation.id} (${violation.impact}) at ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
  }
}

async function logIn(page, token, path = '/') {
  await page.goto(scene.base + path);
  await page.getByRole('textbox', { name: 'Token' }).fill(token);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('navigation', { name: 'Console' }).waitFor({ state: 'attached' });
}

/** As a link within the console goes: the page is not loaded anew. */
async function go(page, path) {
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, `/console${path}`);
  await page.locator('#main :is(h1, h2)').first().waitFor();
  await page.locator('#main .pf-v6-c-skeleton').first().waitFor({ state: 'detached' });
}

const see = (page, text) => page.locator('#main').getByText(text, { exact: false }).first().waitFor();

let current = await visitor();
const page = current;

await step('the root leads to the console, which asks who is there', async () => {
  await page.goto(scene.base);
  await page.getByRole('heading', { name: 'With an API token' }).waitFor();
  if (!page.url().startsWith(`${scene.base}/console`)) throw new Error(`is at ${page.url()}`);
  await look(page, 'login');
});

await step('a wrong token is refused with what to do', async () => {
  await page.getByRole('textbox', { name: 'Token' }).fill('mst_wrong');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('alert').getByText('To do:').waitFor();
});

await step('a token logs in', async () => logIn(page, scene.admin));

await step('a tenant is created in a dialog', async () => {
  await go(page, '/tenants');
  await page.getByRole('button', { name: 'Create a tenant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Id').fill(tenant);
  await look(page, 'dialog');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: tenant, exact: true }).waitFor();
});

const drop = async (file) => {
  const bytes = readFileSync(file).toString('base64');
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))], 'adapter.jar', { type: 'application/java-archive' }));
    return data;
  }, bytes);
  await page.getByTestId('drop').dispatchEvent('drop', { dataTransfer: transfer });
};
const checks = () => page.getByRole('list', { name: 'Verification' }).getByRole('listitem').locator('strong:first-child').allTextContents();

await step('an unsigned bundle is refused at its signature with the reason, and nothing of it is kept', async () => {
  await go(page, '/install');
  await drop(scene.unsigned);
  await see(page, 'To do:');
  await see(page, scene.refusal);
  const told = await checks();
  if (told.join() !== 'Bytes,Archive,Signature') throw new Error(`the checks are ${told.join()}`);
  await page.getByRole('listitem').filter({ hasText: 'Signature' }).getByText('Failed').waitFor();
  await look(page, 'install, refused');
  await go(page, '/quarantine');
  await see(page, 'Nothing was refused');
});

await step('what is refused in earnest stays in the quarantine', async () => {
  const answer = await fetch(`${scene.base}/api/adapters`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${scene.admin}`, 'Content-Type': 'application/java-archive' },
    body: readFileSync(scene.unsigned),
  });
  if (answer.status !== 422) throw new Error(`it is answered with ${answer.status}`);
  await go(page, '/install');
  await go(page, '/quarantine');
  await see(page, scene.refusal);
});

const [adapter, version] = scene.definition.split('@');
await step('a signed bundle is dropped and verified, and installed once its plan is confirmed by its name', async () => {
  await go(page, '/install');
  await drop(scene.signed);
  await page.getByRole('region', { name: 'Plan' }).waitFor();
  const told = await checks();
  if (told.join() !== 'Bytes,Archive,Signature,Manifest,Structure,Imports,Network,Policy,Name') throw new Error(`the checks are ${told.join()}`);
  await see(page, 'the server has the same digest as this browser');
  const confirm = page.getByRole('button', { name: `Install ${scene.definition}` });
  if (await confirm.isEnabled()) throw new Error('it keeps files, and may be installed without its name');
  await look(page, 'install, planned');
  await page.getByLabel(`Type ${adapter} to confirm`).fill(adapter);
  await confirm.click();
  await see(page, 'is admitted');
  if ((await checks()).at(-1) !== 'Record') throw new Error(`the last check is ${(await checks()).at(-1)}`);
  await look(page, 'install, admitted');
});

await step('bytes that are here already are confirmed by a button', async () => {
  await go(page, '/install');
  await page.getByRole('button', { name: 'Install another' }).click();
  await drop(scene.signed);
  await page.getByRole('button', { name: `Install ${scene.definition}` }).click();
  await see(page, 'is admitted');
});

await step('the catalogue says who signed it', async () => {
  await go(page, `/adapters/${adapter}/${version}`);
  await see(page, 'verified: ');
});

await step('an instance is created by the form of its schema, which says what is wrong first', async () => {
  await go(page, `/instances/new?tenant=${tenant}&environment=dev&adapter=${scene.definition}`);
  await page.getByLabel('Name', { exact: false }).first().fill('files');
  await page.getByLabel('Largest object').fill('much');
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await see(page, 'has to be a number');
  await page.getByLabel('Largest object').fill('1048576');
  const json = await page.getByLabel('The same as JSON').inputValue();
  if (JSON.parse(json).maxObjectBytes !== 1048576) throw new Error(`the JSON beside it is ${json}`);
  if (await page.getByRole('button', { name: 'Create files' }).isEnabled()) throw new Error('it is created without a plan');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByRole('status').getByText('Up', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByRole('region', { name: 'Plan' }).getByText('/maxObjectBytes is set to 1048576').waitFor();
  await look(page, 'create an instance');
  await page.getByRole('button', { name: 'Create files' }).click();
  await see(page, 'Running');
});

await step('an operation is tried', async () => {
  await page.getByLabel('Operation').selectOption('list');
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByRole('region', { name: 'Answer' }).getByText('objects').waitFor();
});

await step('the call is among the last ones, and the way to what was decided about it', async () => {
  await go(page, `/instances/files?tenant=${tenant}&environment=dev`);
  const calls = page.getByRole('region', { name: 'Last calls, table' });
  await calls.getByRole('row', { name: /list/ }).getByText('OK').first().waitFor();
  await page.getByRole('img', { name: /^Calls by the minute/ }).waitFor();
  await look(page, 'instance with calls');
  await page.getByLabel('Outcome').selectOption('error');
  await page.getByRole('region', { name: 'Last calls', exact: true }).getByText('Nothing matches these filters.').waitFor();
  if (!page.url().includes('outcome=error')) throw new Error(`the filter is not in ${page.url()}`);
  await page.getByLabel('Outcome').selectOption('');
  // the same call again within a minute is not decided anew: only the first has a decision of its own
  await calls.getByRole('link', { name: 'decisions' }).last().click();
  await page.getByRole('row', { name: /call/ }).first().waitFor();
  if (!page.url().includes('correlationId=')) throw new Error(`decisions are not those of the request: ${page.url()}`);
  await go(page, `/health?tenant=${tenant}`);
  await page.getByRole('img', { name: /calls? in the last hour, 0 of them errors/ }).waitFor();
  await go(page, `/instances/files?tenant=${tenant}&environment=dev`);
  await see(page, 'Running');
});

await step('it is stopped and started', async () => {
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
  await see(page, 'Stopped');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
  await see(page, 'Running');
});

await step('its configuration is changed', async () => {
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Largest object').fill('2097152');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await dialog.getByRole('status').getByText('Up', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();
  await dialog.getByRole('region', { name: 'Plan' }).getByText('/maxObjectBytes goes from 1048576 to 2097152').waitFor();
  await look(page, 'configure');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Configuration' }).getByText('2097152').waitFor();
});

await step('an instance goes to another version as planned, and back', async () => {
  await go(page, `/instances/mover?tenant=${scene.strangerTenant}&environment=dev`);
  await page.getByRole('button', { name: 'Upgrade', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Version' }).selectOption('1.1.0');
  await dialog.getByRole('region', { name: 'Plan' }).getByText('demo@1.0.0 → demo@1.1.0').waitFor();
  await look(page, 'upgrade');
  await dialog.getByRole('button', { name: 'Upgrade', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'demo@1.1.0' }).waitFor();
  await page.getByRole('button', { name: 'Roll back', exact: true }).click();
  await dialog.getByRole('region', { name: 'Plan' }).getByText('demo@1.1.0 → demo@1.0.0').waitFor();
  await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'demo@1.0.0' }).waitFor();
});

await step('a bad version is rolled out, does worse than the old one, and goes back by itself', async () => {
  await go(page, '/adapters/demo/rollouts');
  await page.getByRole('button', { name: 'Roll a version out' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Version' }).locator('option', { hasText: '1.0.0' }).waitFor({ state: 'attached' });
  const offered = await dialog.getByRole('combobox', { name: 'Version' }).inputValue();
  if (offered !== '1.2.0') throw new Error(`offered is ${offered}`);
  await dialog.getByLabel('First these tenants').fill(scene.strangerTenant);
  await dialog.getByLabel('Share of their calls, %').fill('50');
  await dialog.getByRole('textbox', { name: 'Watched for, s', exact: true }).fill('600');
  await look(page, 'roll out');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await dialog.waitFor({ state: 'detached' });
  await see(page, 'Trying');
  await look(page, 'rollout, trying');
  // those whose calls it gets
  let calling = true;
  const caller = (async () => {
    while (calling) {
      await fetch(`${scene.base}/api/tenants/${scene.strangerTenant}/environments/dev/instances/mover/operations/list`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${scene.admin}`, 'Content-Type': 'application/json' },
        body: '{}',
      })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  try {
    await page.getByText('Rolled back').waitFor({ timeout: 300_000 });
  } finally {
    calling = false;
    await caller;
  }
  await page.getByRole('region', { name: 'Old and new, table' }).getByRole('row', { name: /New/ }).waitFor();
  await page.getByRole('region', { name: 'What was measured' }).getByRole('row').nth(1).waitFor();
  await look(page, 'rollout, rolled back');
  await page.getByRole('link', { name: 'mover' }).click();
  await page.getByRole('link', { name: 'demo@1.0.0' }).waitFor();
});

await step('why an instance does not run is said with what to do, and health lists it', async () => {
  await go(page, `/instances/broken?tenant=${scene.strangerTenant}&environment=dev`);
  await see(page, 'Why it does not run');
  await page.locator('.causes').getByText('To do:').first().waitFor();
  await look(page, 'why');
  await go(page, `/health?tenant=${scene.strangerTenant}`);
  await page.getByRole('row', { name: /broken/ }).getByText('Failed').waitFor();
  await page.getByRole('row', { name: /steady/ }).getByText('Healthy').waitFor();
  await look(page, 'health');
});

await step('storage is configured by its form, and its health turns red with its server and green again', async () => {
  await go(page, `/instances/new?tenant=${tenant}&environment=prod&adapter=storage-s3@1.0.0`);
  await page.getByLabel('Name', { exact: false }).first().fill('evidence');
  for (const [label, value] of Object.entries(scene.s3)) await page.getByLabel(label, { exact: true }).or(page.getByLabel(`${label} *`, { exact: true })).fill(value);
  if ((await page.getByLabel('The same as JSON').inputValue()).includes(scene.s3['Secret access key'])) throw new Error('the secret is shown');
  await page.getByLabel('Endpoint', { exact: false }).first().fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByRole('status').getByText('Down', { exact: true }).waitFor({ timeout: 60_000 });
  await look(page, 'a trial that fails');
  await page.getByLabel('Endpoint', { exact: false }).first().fill(scene.s3['Endpoint']);
  await page.getByRole('status').getByText('Down', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByRole('status').getByText('Up', { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByRole('button', { name: 'Create evidence' }).click();
  await see(page, 'Running');
  if ((await page.content()).includes(scene.s3['Secret access key'])) throw new Error('the secret is in the page');
  await go(page, `/health?tenant=${tenant}`);
  const row = page.getByRole('row', { name: /evidence/ });
  await row.getByText('Healthy').waitFor({ timeout: 300_000 });
  const turn = async (what) => {
    const answer = await fetch(`${scene.switches}/s3/${what}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
  };
  await turn('kill');
  await row.getByText('Failing').waitFor({ timeout: 300_000 });
  await look(page, 'health, red');
  await turn('restart');
  await row.getByText('Healthy').waitFor({ timeout: 300_000 });
});

await step('a second person approves what the first asked for, who cannot', async () => {
  const person = await visitor();
  current = person;
  await logIn(person, scene.alice, '/console/approvals?tenant=initech');
  const verdict = async () => {
    await person.getByRole('button', { name: 'Approve', exact: true }).click();
    await person.getByRole('dialog').getByLabel('Reason').fill('looked at it');
    await person.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
  };
  await verdict();
  await person.getByRole('dialog').getByText('To do:').waitFor();
  await look(person, 'own request refused');
  await person.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await person.getByRole('button', { name: 'Log out' }).click();
  await logIn(person, scene.bob, '/console/approvals?tenant=initech');
  await verdict();
  await person.getByRole('dialog').waitFor({ state: 'detached' });
  await person.locator('tbody').getByText('Approved', { exact: true }).waitFor();
  await person.locator('tbody').getByText('looked at it').waitFor();
  await person.context().close();
  current = page;
});

await step('a secret goes in and is never shown', async () => {
  await go(page, `/secrets?tenant=${tenant}&environment=dev`);
  await page.getByRole('button', { name: 'Put a secret' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('shared/database');
  await dialog.getByLabel('Value').fill('hush-hush');
  await dialog.getByRole('button', { name: 'Put', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await see(page, 'shared/database');
  if ((await page.content()).includes('hush-hush')) throw new Error('the value is in the page');
});

await step('a token is shown once', async () => {
  await go(page, `/tokens?tenant=${tenant}`);
  await page.getByRole('button', { name: 'Create a token' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('robot');
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  const bearer = page.getByRole('dialog').getByRole('textbox', { name: 'Token' });
  if (!(await bearer.inputValue()).startsWith('mst_')) throw new Error('no token is shown');
  await look(page, 'token');
  await page.keyboard.press('Escape');
  await see(page, 'robot');
});

await step('a receipt is verified in the browser', async () => {
  await go(page, `/receipts?tenant=${tenant}&action=instance.create`);
  await page.getByRole('link', { name: 'instance.create' }).first().click();
  await page.getByText(/^#\d+$/).waitFor();
  await page.getByRole('button', { name: 'Verify in this browser' }).click();
  await page.locator('.findings li[data-ok="true"]').nth(2).waitFor();
  await look(page, 'receipt');
});

await step('the whole chain is verified in the browser and on the server', async () => {
  await go(page, `/receipts/chain?tenant=${tenant}`);
  await page.getByRole('button', { name: 'Verify in this browser' }).click();
  await page.getByTestId('verdict').getByText('the chain is good').waitFor();
  await page.getByRole('button', { name: 'Have the server check' }).click();
  await page.getByText('verified', { exact: true }).waitFor();
  await look(page, 'chain');
});

await step('a decision is explained', async () => {
  await go(page, `/policy/decisions?tenant=${tenant}`);
  await page.locator('tbody a').first().click();
  await see(page, 'What was asked');
});

await step('the keys lead to pages, to the filter and to the help', async () => {
  await go(page, `/?tenant=${tenant}`);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('heading', { name: 'Instances', level: 1 }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('storage-file');
  await page.keyboard.press('Enter');
  await page.waitForURL(/adapter=storage-file/);
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('to the first filter').waitFor();
  await look(page, 'help');
  await page.keyboard.press('Escape');
});

await step('the node says what holds on it, and who said so', async () => {
  await go(page, '/node');
  await page.getByRole('row', { name: /branding\.name/ }).getByText('default', { exact: true }).waitFor();
});

await step('tabs share one stream, and each is told', async () => {
  let streams = 0;
  page.context().on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/events') streams += 1;
  });
  const tabs = [];
  for (let i = 0; i < 10; i++) {
    const tab = await page.context().newPage();
    await tab.addInitScript((token) => sessionStorage.setItem('maestro.token', token), scene.admin);
    await tab.goto(`${scene.base}/console/tenants?prefix=told`);
    await tab.locator('#main').getByText('Nothing matches').waitFor();
    await tab.locator('.liveness').getByText('live', { exact: true }).waitFor();
    tabs.push(tab);
  }
  const made = await fetch(`${scene.base}/api/tenants`, { method: 'POST', headers: { Authorization: `Bearer ${scene.admin}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 'told' }) });
  if (!made.ok) throw new Error(`a tenant cannot be created: ${await made.text()}`);
  for (const tab of tabs) await tab.getByRole('link', { name: 'told', exact: true }).waitFor();
  for (const tab of tabs) await tab.close();
  if (streams > 0) throw new Error(`ten tabs opened ${streams} streams beside the one of the first`);
});

await step('another tenant is refused, and told which right is missing', async () => {
  const stranger = await visitor();
  current = stranger;
  await logIn(stranger, scene.stranger, `/console/instances?tenant=${tenant}&environment=dev`);
  await stranger.locator('#main').getByText('Not allowed').waitFor();
  await stranger.locator('#main').getByText('TENANT_READ').waitFor();
  if ((await stranger.locator('#main').textContent()).includes('storage-file')) throw new Error('it is shown what acme has');
  await go(stranger, '/instances');
  await stranger.getByRole('link', { name: 'mover' }).waitFor();
  await look(stranger, 'refused');
  await stranger.context().close();
  current = page;
});

const PAGES = [
  ['overview', `/?tenant=${tenant}`],
  ['adapters', '/adapters'],
  ['adapter', `/adapters/${adapter}/${version}`],
  ['rollouts', '/adapters/demo/rollouts'],
  ['publishers', '/publishers'],
  ['quarantine', '/quarantine'],
  ['install', '/install'],
  ['instances', `/instances?tenant=${tenant}`],
  ['health', `/health?tenant=${tenant}`],
  ['instance', `/instances/files?tenant=${tenant}&environment=dev`],
  ['create', `/instances/new?tenant=${tenant}&environment=prod&adapter=${scene.definition}`],
  ['node', '/node'],
  ['secrets', `/secrets?tenant=${tenant}&environment=dev`],
  ['members', `/members?tenant=${tenant}`],
  ['policy', '/policy'],
  ['decisions', '/policy/decisions'],
  ['simulate', '/policy/simulate'],
  ['approvals', '/approvals'],
  ['receipts', `/receipts?tenant=${tenant}`],
  ['chain', '/receipts/chain'],
  ['security-events', '/security-events'],
  ['tenants', '/tenants'],
  ['tenant', `/tenants/${tenant}?tenant=${tenant}`],
  ['tokens', '/tokens'],
  ['sessions', '/sessions'],
  ['providers', '/identity-providers'],
  ['no-such-page', '/no-such-page'],
  ['no-tenant', '/instances'],
];
const PICTURES = new Set(['overview', 'adapters', 'instance', 'create', 'receipts']);
for (const colours of ['light', 'dark']) {
  await step(`every page is accessible in ${colours}`, async () => {
    const visiting = await visitor(colours);
    current = visiting;
    await logIn(visiting, scene.admin);
    for (const [name, path] of PAGES) {
      await go(visiting, path);
      await look(visiting, `${name}, ${colours}`);
      if (scene.images && (scene.allImages || (PICTURES.has(name) && (colours === 'light' || name === 'overview')))) {
        await visiting.screenshot({ path: join(scene.images, `${name}-${colours}.png`) });
        if (scene.allImages) {
          await visiting.setViewportSize({ width: 900, height: 900 });
          await visiting.screenshot({ path: join(scene.images, `${name}-${colours}-900.png`) });
          await visiting.setViewportSize({ width: 1440, height: 900 });
        }
      }
    }
    await visiting.context().close();
    current = page;
  });
}

await step('logging out forgets the token', async () => {
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'With an API token' }).waitFor();
  if ((await page.evaluate(() => sessionStorage.length)) !== 0) throw new Error('something stayed in the storage');
});

await step('no page broke its content security policy or asked another server', async () => {
  if (broken.length > 0) throw new Error(`\n${[...new Set(broken)].join('\n')}`);
});

await step('axe found nothing', async () => {
  if (inaccessible.length > 0) throw new Error(`\n${[...new Set(inaccessible)].join('\n')}`);
});

await browser.close();
