import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the client. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** @returns {Promise<{path: string, text: string}[]>} every script that reaches a browser */
export async function scripts() {
  const files = ['app.js', 'theme.js'];
  for (const folder of ['core', 'components', 'pages', 'pong']) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      if (name.endsWith('.js')) files.push(join(folder, name));
    }
  }
  return Promise.all(
    files.sort().map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })),
  );
}

/** @param {string} text @returns {string[]} what a module imports before it runs */
export function staticImports(text) {
  return [...text.matchAll(/^(?:import|export)\s(?:[^'"();]*?from\s)?'([^']+)';/gm)].map(
    (found) => found[1] ?? '',
  );
}

/** @param {string} entry @returns {Promise<string[]>} the modules that are needed for the entry to run, without it */
export async function graph(entry) {
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} path */
  const visit = async (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = await readFile(join(ROOT, path), 'utf8');
    for (const name of staticImports(text)) await visit(relative(ROOT, resolve(ROOT, dirname(path), name)));
  };
  await visit(entry);
  seen.delete(entry);
  return [...seen].sort();
}
