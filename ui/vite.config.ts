// Builds the front end; `--mode fake` puts the fake backend in place of the real one.
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

const backends: Record<string, string> = {
  real: './src/lib/backend.tauri.ts',
  fake: './src/lib/backend.fake.ts',
};

export default defineConfig(({ mode }) => {
  const chosen = backends[mode === 'fake' || mode === 'test' ? 'fake' : 'real'] ?? '';
  return {
    plugins: [sveltekit()],
    resolve: {
      alias: { '#chosen-backend': fileURLToPath(new URL(chosen, import.meta.url)) },
    },
    // Fonts stay files: the window's policy allows no data addresses.
    build: { assetsInlineLimit: 0, target: 'safari15' },
    server: { port: 5173, strictPort: true },
    test: {
      projects: [
        { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node' } },
        {
          test: {
            name: 'flows',
            include: ['tests/flows/**/*.test.ts'],
            environment: 'node',
            testTimeout: 60_000,
            hookTimeout: 60_000,
            fileParallelism: false,
          },
        },
      ],
    },
  };
});
