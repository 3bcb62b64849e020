import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, graph, scripts } from './tree.mjs';

const html = await readFile(join(ROOT, 'index.html'), 'utf8');

test('index.html preloads exactly the modules that the start needs', async () => {
  const listed = [...html.matchAll(/rel="modulepreload" href="\{\{\.Assets\}\}\/([^"]+)"/g)].map(
    (found) => found[1],
  );
  assert.deepEqual(listed.sort(), await graph('app.js'));
});

test('index.html names every style sheet, tokens first', async () => {
  const listed = [...html.matchAll(/\{\{\.Assets\}\}\/styles\/([^"]+)"/g)].map((found) => found[1] ?? '');
  assert.equal(listed[0], 'tokens.css');
  assert.deepEqual([...listed].sort(), (await readdir(join(ROOT, 'styles'))).sort());
});

test('index.html has nothing that the policy forbids, and one placeholder only', () => {
  assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/);
  assert.doesNotMatch(html, /\s(?:style|on\w+)=/);
  assert.deepEqual([...new Set(html.match(/\{\{[^}]*\}\}/g))], ['{{.Assets}}']);
});

test('no file grows past 450 lines', async () => {
  const styles = await Promise.all(
    (await readdir(join(ROOT, 'styles'))).map(async (name) => ({
      path: `styles/${name}`,
      text: await readFile(join(ROOT, 'styles', name), 'utf8'),
    })),
  );
  for (const { path, text } of [...(await scripts()), ...styles]) {
    assert.ok(text.split('\n').length <= 451, path);
  }
});

test('only tokens.css names colours', async () => {
  for (const name of await readdir(join(ROOT, 'styles'))) {
    if (name === 'tokens.css') continue;
    const text = (await readFile(join(ROOT, 'styles', name), 'utf8')).replace(/url\([^)]*\)/g, '');
    assert.doesNotMatch(text, /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/i, name);
  }
});
