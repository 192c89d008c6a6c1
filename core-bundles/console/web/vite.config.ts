import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: resolve(process.env['CONSOLE_TARGET'] ?? 'target/web', 'vite'),
    emptyOutDir: true,
    // nothing as data: in a style, for the content security policy lets pages load files only
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    // a server started by ./run answers the API, so that cookies and addresses are those of one origin
    proxy: { '/api': process.env['MAESTRO_URL'] ?? 'http://127.0.0.1:8080' },
  },
  // logic only: what is drawn is tested in a real browser
  test: { include: ['src/**/*.test.ts', 'client/src/**/*.test.ts'], environment: 'node' },
});
