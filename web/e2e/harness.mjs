import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Helper } from './helper.mjs';
import { becomes, Server, until } from './server.mjs';

/**
 * Browsers, people in front of them, and what a page must always be.
 *
 * @typedef {import('playwright-core').Page} Page
 * @typedef {{width: number, height: number}} Size
 */

export { becomes, until };
export const OUT = join(dirname(fileURLToPath(import.meta.url)), 'out');
export const PASSWORD = 'rally-demo-2026';
export const SHOPPER = 'shopper@rally.test';
export const SELLER = 'seller@rally.test';
export const ADMIN = 'admin@rally.test';

/** @type {Record<'desktop'|'phone', Size>} */
export const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * @typedef {object} World
 * @property {(options?: VisitOptions) => Promise<Visitor>} visit
 * @property {Server} server
 * @property {Helper} helper only where it was asked for
 * @property {() => Promise<void>} stop
 *
 * @typedef {{size?: Size, lang?: string, dark?: boolean, origin?: string}} VisitOptions  origin: where the server is reached, if elsewhere
 *
 * @typedef {object} Wanted
 * @property {string} [host] the loopback name that browsers use
 * @property {boolean} [helped] with sites to log in with
 * @property {Record<string, string>} [settings] of the program
 */

/** A test that needs a program with settings of its own: not one that somebody else has started. */
export const ownTest = process.env['RALLY_URL'] ? test.skip : test;

/**
 * Browsers that tests have open. A person sits on one device at a time: one that a failed test left behind would
 * stand in the way of those after it.
 *
 * @type {Set<Visitor>}
 */
const around = new Set();
afterEach(async () => {
  await Promise.all([...around].map((visitor) => visitor.close()));
});

/** @param {Wanted} [wanted] @returns {Promise<World>} */
export async function world({ host = '127.0.0.1', helped = false, settings = {} } = {}) {
  const helper = new Helper();
  const alone = helped && !process.env['RALLY_URL'];
  if (alone) await helper.start();
  const server = new Server({ host, settings: { ...helper.settings, ...settings } });
  try {
    await server.start();
    if (alone) await helper.tell({ allow: server.url });
  } catch (error) {
    await Promise.all([server.stop(), helper.stop()]);
    throw error;
  }
  await mkdir(OUT, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env['RALLY_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ARGS,
  });
  return {
    server,
    helper,
    async visit({ size = SIZES.desktop, lang = 'ko-KR', dark = false, origin = server.url } = {}) {
      const phone = size.width < 600;
      const context = await browser.newContext({
        baseURL: origin,
        viewport: size,
        locale: lang,
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        hasTouch: phone,
        isMobile: phone,
      });
      context.setDefaultTimeout(20_000);
      const visitor = new Visitor(await context.newPage(), origin);
      around.add(visitor);
      return visitor;
    },
    async stop() {
      await browser.close();
      await Promise.all([server.stop(), helper.stop()]);
    },
  };
}

/**
 * How much has moved under the eyes of whoever reads, since the page was opened.
 *
 * @param {Page} page
 * @returns {Promise<number>}
 */
export const shifts = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const { hadRecentInput, value } = /** @type {any} */ (entry);
            if (!hadRecentInput) sum += value;
          }
        });
        observer.observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
      }),
  );

/** Somebody in front of a browser of their own. */
export class Visitor {
  /** What must not happen. @type {string[]} */
  faults = [];
  /** Statuses that the present step provokes on purpose. @type {Set<number>} */
  #expected = new Set();
  #offline = false;

  /** @param {Page} page @param {string} origin of the server */
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
    this.watch(page);
  }

  /** @param {Page} page also for a second tab */
  watch(page) {
    page.on('pageerror', (error) => this.faults.push(`error: ${error.stack ?? error}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      const text = message.text();
      const status = Number(/status of (\d+)/.exec(text)?.[1] ?? 0);
      if (this.#expected.has(status)) return;
      if (this.#offline && /ERR_|WebSocket/.test(text)) return;
      this.faults.push(`console: ${text}`);
    });
    page.on('response', (response) => {
      if (response.status() < 400 || this.#expected.has(response.status())) return;
      this.faults.push(`${response.status()} ${response.request().method()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // A page that is left takes its requests with it.
      if (this.#offline || reason === 'net::ERR_ABORTED') return;
      this.faults.push(`${reason} ${request.url()}`);
    });
  }

  get context() {
    return this.page.context();
  }

  /** @param {...number} statuses */
  expect(...statuses) {
    for (const status of statuses) this.#expected.add(status);
  }

  /** Failures of the network are what the test is about. @param {boolean} on */
  expectOffline(on) {
    this.#offline = on;
  }

  /** @param {string} path */
  async open(path) {
    await this.page.goto(path);
    await this.settled();
  }

  /** Everything that was loading has come, pictures in sight included. */
  async settled() {
    await this.page.waitForFunction(() => {
      if (!document.querySelector('main h1')) return false;
      const busy = '.skeleton, [aria-busy="true"], .is-stale, .is-busy, .topbar-wait';
      const front = [...document.querySelectorAll('dialog:modal')].at(-1);
      // A button that has opened a dialog waits for it.
      const waits = (/** @type {Element} */ element) =>
        front && !front.contains(element) && element.matches('button');
      if ([...document.querySelectorAll(busy)].some((element) => !waits(element))) return false;
      // Pictures that are in sight: not below the fold, and not the next one of a gallery.
      return [...document.images].every((image) => {
        const { left, top, width, height } = image.getBoundingClientRect();
        const seen = document.elementFromPoint(left + width / 2, top + height / 2) === image;
        return image.complete || !seen;
      });
    });
  }

  /** @param {string} [email] @param {string} [password] */
  async signIn(email = SHOPPER, password = PASSWORD) {
    await this.page.goto('/signin');
    await this.present(email, password);
    await this.page.waitForURL((url) => url.pathname === '/');
    await this.settled();
  }

  /** The first step on the page of signing in. @param {string} email @param {string} password */
  async present(email, password) {
    await this.page.locator('input[name=email]').fill(email);
    await this.page.locator('input[name=password]').fill(password);
    await this.page.locator('main form button[type=submit]').click();
  }

  clean() {
    assert.deepEqual(this.faults, []);
  }

  /**
   * What holds for every page, in light and dark.
   *
   * @param {string} name
   * @param {readonly ('light'|'dark')[]} [themes]
   */
  async inspect(name, themes = ['light', 'dark']) {
    for (const theme of themes) {
      await this.page.emulateMedia({ colorScheme: theme });
      await this.page.waitForFunction(
        (wanted) => document.documentElement.dataset['theme'] === wanted,
        theme,
      );
      await this.settled();
      // Where motion is reduced a colour still takes a millisecond, and one more for each level below it.
      await this.page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState !== 'running'),
      );
      const { width } = this.page.viewportSize() ?? SIZES.desktop;
      // A dialog lies over what is in sight; further down there is nothing to see of it.
      const fullPage = (await this.page.locator('dialog[open]').count()) === 0;
      await this.page.screenshot({ path: join(OUT, `${name}-${width}-${theme}.png`), fullPage });
      await this.#fits(name);
      assert.deepEqual(await this.axe(), [], `${name}, ${theme}`);
    }
    this.clean();
  }

  /** Nothing scrolls sideways, on the smallest phone either. @param {string} name */
  async #fits(name) {
    const size = this.page.viewportSize() ?? SIZES.desktop;
    const widths = size.width < 600 ? [size.width, 360] : [size.width];
    for (const width of widths) {
      await this.page.setViewportSize({ ...size, width });
      const over = await this.page.evaluate(() => {
        const root = document.documentElement;
        return Math.max(0, root.scrollWidth - root.clientWidth);
      });
      assert.equal(over, 0, `${name} scrolls sideways by ${over}px at ${width}px`);
    }
    await this.page.setViewportSize(size);
  }

  /** @returns {Promise<string[]>} what axe finds */
  async axe() {
    // Evaluated by the debugger: the page's own policy forbids scripts from elsewhere, and stays as it is.
    await this.page.evaluate(axe);
    return this.page.evaluate(async () => {
      const { violations } = await /** @type {any} */ (globalThis).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.map(
        (/** @type {any} */ { id, nodes }) =>
          `${id}: ${nodes.map((/** @type {any} */ node) => `${node.target} ${node.failureSummary ?? ''}`).join(' | ')}`,
      );
    });
  }

  /** The server's own answer, asked outside of the page. @param {string} path @returns {Promise<any>} */
  async get(path) {
    const response = await this.context.request.get(path);
    assert.ok(response.ok(), `${path}: ${response.status()}`);
    return response.json();
  }

  /** @param {string} path @param {unknown} data @returns {Promise<any>} */
  async post(path, data) {
    const response = await this.context.request.post(path, {
      data,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    });
    assert.ok(response.ok(), `${path}: ${response.status()} ${await response.text()}`);
    return response.json();
  }

  async close() {
    around.delete(this);
    await this.context.close();
  }
}

/**
 * The articles that somebody of the demo logins bids on or wishes for, in the lists that pages show.
 *
 * @param {string} origin @returns {Promise<Set<number>>}
 */
async function stakes(origin) {
  /** @param {string} path @param {RequestInit} init @returns {Promise<any>} */
  const ask = async (path, init) => {
    const response = await fetch(origin + path, init);
    assert.ok(response.ok, `${path}: ${response.status}`);
    return response.json();
  };
  /** @type {Set<number>} */
  const found = new Set();
  for (const email of [SHOPPER, SELLER]) {
    const login = await ask('/api/accounts/login/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    for (const list of ['purchasebids', 'salesbids', 'wishes']) {
      const headers = { Authorization: `Bearer ${login.access_token}` };
      const rows = await ask(`/api/shop/${list}/?page_size=100`, { headers });
      assert.equal(rows.next, null, 'more rows than one page');
      for (const row of rows.results) found.add(row.info_id ?? row.info.id);
    }
  }
  return found;
}

/**
 * A size that is traded, with asks, bids and room between them, of an article that no demo login has to do
 * with. Each call gives another article, so that tests don't meet.
 *
 * @typedef {{info: any, product: any, book: any, tick: number, path: string, ask: number, bid: number}} Market
 */

/** @type {Set<number>|undefined} */
let taken;

/** @param {Visitor} visitor @returns {Promise<Market>} */
export async function market(visitor) {
  taken ??= await stakes(visitor.origin);
  const list = await visitor.get(
    '/api/shop/productinfos/?delivery_tag=immediate&category=shoes&ordering=popular&page_size=100',
  );
  for (const info of list.results) {
    if (taken.has(info.id) || info.price === null) continue;
    const products = await visitor.get(`/api/shop/productinfos/${info.id}/products/`);
    for (const product of products) {
      const { purchase_price: ask, sales_price: bid, size } = product;
      const room = 3 * info.tick;
      if (size === 'ALL' || ask === null || bid === null || ask - bid < room) continue;
      const book = await visitor.get(`/api/shop/products/${product.id}/book/`);
      const last = book.last_trade?.price;
      // Bids next to the best price must not need a second confirmation.
      if (!last || Math.abs(ask - last) > last * 0.25 || Math.abs(bid - last) > last * 0.25) continue;
      taken.add(info.id);
      return { info, product, book, tick: info.tick, path: `/shop/${info.id}?size=${size}`, ask, bid };
    }
  }
  throw new Error('the demo world has no such market');
}

/** The row of an article in a list of one's own. @param {Page} page @param {{id: number}} info */
export function rowOf(page, info) {
  return page.locator('.row', { has: page.locator(`a.row-name[href^="/shop/${info.id}?"]`) });
}

/** @param {number} amount */
export function won(amount) {
  return `₩${amount.toLocaleString('en-US')}`;
}
