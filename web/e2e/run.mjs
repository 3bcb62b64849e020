import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary, Server } from './server.mjs';

/**
 * Runs the browser tests. The programs are built and the demo world drawn once; each test file then starts with
 * a copy of that world. Arguments go to Node's test runner: `npm run e2e -- --test-name-pattern=bid`.
 */

const here = dirname(fileURLToPath(import.meta.url));
const model = new Server();
try {
  const env = { ...process.env };
  if (model.own) {
    await model.start();
    await model.halt();
    env['RALLY_BIN'] = model.binary;
    env['RALLY_E2E_WORLD'] = model.data;
    env['RALLY_E2E_HELPER'] = await binary(dirname(model.data), './internal/browsertest', 'RALLY_E2E_HELPER');
  }
  const files = (await readdir(here)).filter((name) => name.endsWith('.test.mjs')).sort();
  const args = [
    '--test',
    '--test-concurrency=1',
    ...process.argv.slice(2),
    ...files.map((name) => join(here, name)),
  ];
  const tests = spawn(process.execPath, args, { stdio: 'inherit', env });
  process.exitCode = await new Promise((done) => tests.once('exit', (status) => done(status ?? 1)));
} finally {
  await model.stop();
}
