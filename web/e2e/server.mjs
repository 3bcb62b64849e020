import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';

/**
 * The real program in a folder of its own, on a port that was free.
 */

const REPO = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const READY_MS = 120_000;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}

/**
 * @param {string} folder for what is built
 * @param {string} source of the program
 * @param {string} setting where somebody has built it already
 * @returns {Promise<string>} path of the program
 */
export async function binary(folder, source, setting) {
  const ready = process.env[setting];
  if (ready) return resolve(ready);
  const path = join(folder, basename(source));
  await promisify(execFile)('go', ['build', '-o', path, source], { cwd: REPO });
  return path;
}

/**
 * @param {() => Promise<boolean>} test
 * @param {string} what
 * @param {number} [limit]
 */
export async function until(test, what, limit = 20_000) {
  const end = Date.now() + limit;
  for (;;) {
    if (await test().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/**
 * For a state that an action brings: a page answers an event when it comes to it, so what is read right after a
 * click may be the state before it. Waits until what is read equals what is wanted, or else says both. What holds
 * all the time, or must be there with the page, is read at once instead: waiting would hide that it came late.
 *
 * @param {() => Promise<unknown>} read
 * @param {unknown} wanted
 */
export async function becomes(read, wanted) {
  /** @type {unknown} */
  let seen;
  const same = async () => isDeepStrictEqual((seen = await read().catch((error) => error)), wanted);
  await until(same, '').catch(() => assert.deepEqual(seen, wanted));
}

/** Tests come from one address: what is limited for an address must not stop them. */
const ROOM = { RALLY_LIMIT_ATTEMPTS: '100000' };

export class Server {
  #host;
  #settings;
  #folder = '';
  #binary = '';
  #port = 0;
  #log = '';
  /** @type {import('node:child_process').ChildProcess|null} */
  #process = null;

  /**
   * @param {object} [how]
   * @param {string} [how.host] the loopback name that browsers use
   * @param {Record<string, string>} [how.settings] of the program
   */
  constructor({ host = '127.0.0.1', settings = {} } = {}) {
    this.#host = host;
    this.#settings = settings;
  }

  /** Where it answers. */
  get url() {
    return process.env['RALLY_URL'] ?? `http://${this.#host}:${this.#port}`;
  }

  /** The program's path, once started. */
  get binary() {
    return this.#binary;
  }

  /** Where it keeps its data. */
  get data() {
    return join(this.#folder, 'data');
  }

  /** How to open its database. */
  get database() {
    return process.env['RALLY_DATABASE_URL'] ?? `sqlite:${join(this.data, 'rally.db')}`;
  }

  /** False when the tests run against a server that somebody else has started (RALLY_URL). */
  get own() {
    return !process.env['RALLY_URL'];
  }

  async start() {
    if (!this.own) return;
    if (!this.#folder) {
      this.#folder = await mkdtemp(join(tmpdir(), 'rally-e2e-'));
      const world = process.env['RALLY_E2E_WORLD'];
      if (world) await cp(world, this.data, { recursive: true });
    }
    this.#binary ||= await binary(this.#folder, './cmd/rally', 'RALLY_BIN');
    this.#port ||= await freePort();
    const child = spawn(this.#binary, ['serve'], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...ROOM,
        ...this.#settings,
        RALLY_ADDR: `127.0.0.1:${this.#port}`,
        RALLY_PUBLIC_URL: this.url,
        RALLY_DATA_DIR: this.data,
        RALLY_DEMO: 'true',
      },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => (this.#log = (this.#log + chunk).slice(-20_000)));
    }
    let ended = '';
    child.once('error', (error) => (ended = String(error)));
    child.once('exit', (code) => (ended ||= `it ended with ${code}`));
    const ready = async () => ended !== '' || (await fetch(`${this.url}/readyz`)).ok;
    try {
      await until(ready, 'the server to be ready', READY_MS);
      if (ended) throw new Error(`the server did not start: ${ended}`);
    } catch (error) {
      await this.stop();
      throw new Error(`${error}\n${this.#log}`, { cause: error });
    }
  }

  /** Ends the program that was started here, by its process id. */
  async halt() {
    const child = this.#process;
    this.#process = null;
    if (!child?.pid || child.exitCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
  }

  async stop() {
    await this.halt();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = '';
  }
}
