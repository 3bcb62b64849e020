import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { binary } from './server.mjs';

/**
 * The program beside the program (internal/browsertest): sites to log in with, and logins that are old.
 *
 * @typedef {object} Person
 * @property {string} subject
 * @property {string} email
 * @property {boolean} [verified]
 */

export class Helper {
  /** What makes the program use the sites. @type {Record<string, string>} */
  settings = {};
  #folder = '';
  /** @type {import('node:child_process').ChildProcess|null} */
  #process = null;
  /** @type {AsyncIterator<string>|null} */
  #answers = null;

  async start() {
    this.#folder = await mkdtemp(join(tmpdir(), 'rally-e2e-helper-'));
    const path = await binary(this.#folder, './internal/browsertest', 'RALLY_E2E_HELPER');
    const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    if (!child.stdout) throw new Error('the helper has no output');
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.settings = (await this.#answer()).settings;
  }

  /** @returns {Promise<any>} */
  async #answer() {
    const line = await this.#answers?.next();
    if (!line || line.done) throw new Error('the helper has ended');
    const answer = JSON.parse(line.value);
    if (answer.error) throw new Error(`the helper: ${answer.error}`);
    return answer;
  }

  /** One at a time. @param {Record<string, unknown>} command */
  async tell(command) {
    this.#process?.stdin?.write(`${JSON.stringify(command)}\n`);
    await this.#answer();
  }

  /** Who sits at the site's browser from now on. @param {string} site @param {Person} person */
  person(site, { verified = true, ...person }) {
    return this.tell({ site, person: { ...person, verified } });
  }

  async stop() {
    const child = this.#process;
    this.#process = null;
    if (child && child.exitCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    }
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = '';
  }
}
