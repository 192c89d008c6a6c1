// Fails when a package that the console is made of, or built with, has a licence that nobody has agreed to.
import { readFileSync } from 'node:fs';

const agreed = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'Python-2.0', 'CC-BY-4.0']);
// used while building and testing, not part of what is served
const agreedForTools = new Set(['MPL-2.0']);

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const found = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  // our own packages, and links to them
  if (!path.startsWith('node_modules/') || entry.link) continue;
  const names = String(entry.license ?? '').replace(/[()]/g, '').split(/ (?:OR|AND) /);
  const ok = names.every((name) => agreed.has(name) || (entry.dev && agreedForTools.has(name)));
  if (!ok) found.push(`${path}: ${entry.license ?? 'no licence is named'}`);
  if (entry.resolved) found.push(`${path}: the lock names a registry; see .npmrc`);
}
if (found.length > 0) {
  console.error(found.join('\n'));
  process.exit(1);
}
