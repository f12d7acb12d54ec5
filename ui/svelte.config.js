// Static, without a server: one page that routes by the fragment, as the window needs it.
import adapter from '@sveltejs/adapter-static';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ pages: process.env.SLIPWAY_UI_OUT ?? 'build' }),
    router: { type: 'hash' },
    // The one start script of the page gets its hash; everything else comes from files of our own.
    csp: { mode: 'hash', directives: { 'script-src': ['self'] } },
    version: { name: '0.1.0' },
  },
  compilerOptions: { runes: true },
};
