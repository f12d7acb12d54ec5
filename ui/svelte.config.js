// Static, without a server: one page that routes by the fragment, as the window needs it.
import adapter from '@sveltejs/adapter-static';

// A build with the fake backend must never be taken for the real one.
const pages = process.argv.includes('fake') ? 'build-fake' : 'build';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ pages }),
    router: { type: 'hash' },
    // One script and one stylesheet: nothing is fetched after the window is open.
    output: { bundleStrategy: 'single' },
    // The one start script of the page gets its hash; everything else comes from files of our own.
    csp: { mode: 'hash', directives: { 'script-src': ['self'] } },
    version: { name: '0.1.0' },
  },
  compilerOptions: { runes: true },
};
