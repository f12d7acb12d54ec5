// Serves the built app with the policy of the window, and opens it in a browser.
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { FakeControl } from '../src/lib/backend.fake';

const ROOT = fileURLToPath(new URL('../build-fake', import.meta.url));
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PATIENCE_MS = 30_000;
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

export interface Site {
  browser: Browser;
  address: string;
  close(): Promise<void>;
}

export async function serve(): Promise<Site> {
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  const executablePath = process.env['CHROMIUM'] ?? BROWSERS.find((one) => existsSync(one));
  if (executablePath === undefined) throw new Error('no Chromium here: install the package chromium');
  const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
  return {
    browser,
    address: `http://127.0.0.1:${port}`,
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

export interface Look {
  scene: string;
  path?: string;
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  reduced?: boolean;
}

export interface Visit {
  page: Page;
  /** What the browser complained about: errors, blocked styles and scripts. */
  complaints: string[];
  /** Moves the fake world's clock. */
  advance(millis: number): Promise<void>;
}

/** Opens a scene with its clock standing still. */
export async function visit(site: Site, look: Look): Promise<Visit> {
  const page = await site.browser.newPage({
    viewport: { width: look.width ?? 1240, height: look.height ?? 820 },
    colorScheme: look.theme ?? 'light',
    reducedMotion: look.reduced === false ? 'no-preference' : 'reduce',
    timezoneId: 'UTC',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  // Far longer than anything takes: Chromium draws a picture for a file only when it has nothing else to do.
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`${site.address}/?scene=${look.scene}&clock=manual#${look.path ?? '/'}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  const advance = (millis: number) =>
    page.evaluate((by) => (window as unknown as { slipwayFake: FakeControl }).slipwayFake.advance(by), millis);
  return { page, complaints, advance };
}

function listening(): Promise<Server> {
  const policy = policyOf(readFileSync(join(ROOT, 'index.html'), 'utf8'));
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    const file = join(ROOT, path === '/' ? 'index.html' : path);
    if (!file.startsWith(ROOT) || !existsSync(file)) return response.writeHead(404).end();
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
    return createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** As strict as the window's: own files, and the start script by its hash. */
function policyOf(html: string): string {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((found) => found[1] ?? '');
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return `default-src 'none'; script-src 'self' ${hashes.join(' ')}; style-src 'self'; font-src 'self'; img-src 'self' blob:; connect-src 'self'`;
}
