// Builds the front end; `--mode fake` puts the fake backend in place of the real one.
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const backends: Record<string, string> = {
  real: './src/lib/backend.ts',
  fake: './src/lib/backend.fake.ts',
};

/** The framework's announcer brings a style attribute, which the window's policy blocks; base.css hides it instead. */
const announcerWithoutStyle: Plugin = {
  name: 'announcer-without-style',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('generated/root.svelte')) return null;
    return code.replace(/(id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
  },
};

/** Tests that drive the built app in a browser, one file after the other. */
function browserProject(name: string, include: string) {
  const patience = { testTimeout: 240_000, hookTimeout: 60_000 };
  return { test: { name, include: [include], environment: 'node' as const, fileParallelism: false, disableConsoleIntercept: true, ...patience } };
}

export default defineConfig(({ mode }) => {
  const chosen = backends[mode === 'fake' || mode === 'test' ? 'fake' : 'real'] ?? '';
  return {
    plugins: [announcerWithoutStyle, sveltekit()],
    resolve: {
      alias: { '#chosen-backend': fileURLToPath(new URL(chosen, import.meta.url)) },
    },
    // Fonts stay files: the window's policy allows no data addresses.
    build: { assetsInlineLimit: 0, target: 'safari15' },
    server: { port: 5173, strictPort: true },
    test: {
      projects: [
        { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node' } },
        browserProject('flows', 'tests/flows/**/*.test.ts'),
        browserProject('pictures', 'tests/pictures/take.ts'),
        browserProject('bench', 'tests/bench/log.ts'),
      ],
    },
  };
});
