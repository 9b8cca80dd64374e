/** A real browser for one test file: Chromium out of an npm package, with the libraries that a small machine lacks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as launcher, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** The package has a browser for this one kind of machine. */
export const hasBrowser = process.platform === 'linux' && process.arch === 'x64';

export interface BrowserLab {
  /** A page in a browser profile of its own, as on a phone: nothing is shared with other pages. */
  phone(address: string): Promise<Phone>;
}

export interface Phone {
  readonly page: Page;
  /** Errors that the page did not catch. */
  readonly troubles: readonly string[];
}

/** One process for everything falls over when a page closes; and the rules for pages of other origins shall hold. */
const unwanted = new Set(['--single-process', '--disable-web-security']);

/** Use it inside hooks and tests only; pages close after each test. */
export function useBrowser(): BrowserLab {
  let browser: Browser | undefined;
  let home = '';
  const contexts = new Set<BrowserContext>();
  beforeAll(async () => {
    if (!hasBrowser) return;
    home = await mkdtemp(join(tmpdir(), 'qr-session-browser-'));
    browser = await launcher.launch({
      executablePath: await unpack(home),
      args: chromium.args.filter((argument) => !unwanted.has(argument)),
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
        FONTCONFIG_PATH: join(home, 'fonts'),
      },
    });
  });
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
  });
  afterAll(async () => {
    await browser?.close();
    if (home) await rm(home, { recursive: true, force: true });
  });
  return {
    async phone(address) {
      if (!browser) throw new Error('the browser runs only inside hooks and tests');
      const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
      contexts.add(context);
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(String(error)));
      await page.goto(address);
      return { page, troubles };
    },
  };
}

/** The package unpacks into the folder for temporary files, where others may do so at this moment; and its libraries only for one cloud. */
async function unpack(home: string): Promise<string> {
  const before = { ...process.env };
  Object.assign(process.env, { TMPDIR: home, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' });
  try {
    return await chromium.executablePath();
  } finally {
    for (const name of ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
