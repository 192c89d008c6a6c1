// Drives a Chromium: takes commands as lines of JSON and answers each with one. A command is [name, ...arguments].
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
});
const context = await browser.newContext();
const page = await context.newPage();

const commands = {
  pageAt: async (address, html) => context.route(address, (route) => route.fulfill({ contentType: 'text/html', body: html })),
  go: async (address) => (await page.goto(address))?.status() ?? 0,
  fill: async (selector, text) => page.fill(selector, text),
  click: async (selector) => page.click(selector),
  awaitAddress: async (start) => page.waitForURL((address) => address.href.startsWith(start)),
  address: async () => page.url(),
  text: async () => page.textContent('body'),
  evaluate: async (script) => page.evaluate(script),
  cookies: async () => context.cookies(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...rest] = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await commands[name](...rest)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: `${name}: ${error.message} at ${page.url()}` }));
  }
}
await browser.close();
