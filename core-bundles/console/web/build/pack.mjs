// Turns what Vite made into what the bundle holds: text compressed, and a list of all files with their media types and tags.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

const target = process.env.CONSOLE_TARGET ?? 'target/web';
const from = join(target, 'vite');
const to = join(target, 'files');

const text = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const binary = { '.woff2': 'font/woff2', '.png': 'image/png' };

const lines = [];
rmSync(to, { recursive: true, force: true });
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  const path = relative(from, file).split(sep).join('/');
  const bytes = readFileSync(file);
  const mediaType = text[extname(path)] ?? binary[extname(path)];
  if (!mediaType) throw new Error(`${path}: which media type has it?`);
  const compress = extname(path) in text;
  const written = join(to, compress ? `${path}.gz` : path);
  mkdirSync(dirname(written), { recursive: true });
  writeFileSync(written, compress ? gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }) : bytes);
  const tag = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  lines.push([path, mediaType, tag, path.startsWith('assets/') ? 'immutable' : 'changing', compress ? 'gzip' : 'plain'].join('\t'));
}
writeFileSync(join(to, 'files.txt'), lines.sort().map((line) => `${line}\n`).join(''));
