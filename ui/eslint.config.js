// What is not checked by the compiler: no markup from strings, no style attributes, one file that knows Tauri.
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import config from './svelte.config.js';

export default ts.config(
  { ignores: ['build', 'build-fake', '.svelte-kit', 'src/lib/bindings.ts'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig: config } },
  },
  {
    rules: {
      'svelte/no-at-html-tags': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'SvelteAttribute[key.name="style"]', message: 'The policy blocks style attributes: use a directive.' },
      ],
      // Not every collection is on the screen; those that are use the reactive ones.
      'svelte/prefer-svelte-reactivity': 'off',
      // Routes are fragments here, which resolve() does not know.
      'svelte/no-navigation-without-resolve': 'off',
      'no-restricted-imports': ['error', { patterns: ['@tauri-apps/*', 'bits-ui', '@lucide/*'] }],
    },
  },
  {
    files: ['src/lib/backend.ts', 'src/lib/components/**'],
    rules: { 'no-restricted-imports': 'off' },
  },
);
