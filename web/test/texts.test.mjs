import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { SAID } from '../core/said.js';
import { ROOT, scripts } from './tree.mjs';

/** @param {string} lang @returns {Promise<Record<string, string>>} */
const catalogue = async (lang) => JSON.parse(await readFile(join(ROOT, 'i18n', `${lang}.json`), 'utf8'));
const ko = await catalogue('ko');
const en = await catalogue('en');
const code = await scripts();

/** Codes that the server's own tests know; those of the websocket are never shown. */
const golden = await readFile(join(ROOT, '../internal/archtest/testdata/fault_codes.golden'), 'utf8');
const CODES = golden
  .split('\n')
  .map((line) => line.split(' ')[0] ?? '')
  .filter((code) => code !== '' && !code.startsWith('ws.'));

/** Sentences that no code of the server stands behind: the client's own, and what a limiter or a cursor says. */
const OWN = [
  'unknown',
  'request',
  'client.offline',
  'client.failure',
  'client.passkey',
  'client.passkey_known',
  'rate.limited',
];

/** Keys that come from the server's words: whole families are in use. */
const FAMILIES = ['error.', 'status.'];

/**
 * Where the code names keys: literals anywhere (tables of keys are common), beginnings of template literals,
 * and the stems of counted texts.
 */
function used() {
  const exact = new Set();
  const stems = new Set();
  const starts = new Set(FAMILIES);
  for (const { text } of code) {
    for (const [, , key] of text.matchAll(/(['"])([a-z][\w-]*(?:\.[\w-]+)+)\1/g)) exact.add(key);
    for (const [, key] of text.matchAll(/\btn\(\s*'([^']+)'/g)) stems.add(key);
    for (const [, start] of text.matchAll(/`([a-z][\w.]*\.)\$\{/g)) starts.add(start);
  }
  return { exact, stems, starts };
}

test('no key stands twice: the second would silently win', async () => {
  for (const lang of ['ko', 'en']) {
    const text = await readFile(join(ROOT, 'i18n', `${lang}.json`), 'utf8');
    const keys = [...text.matchAll(/^ {2}"([^"]+)":/gm)].map(([, key]) => key);
    const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
    assert.deepEqual(twice, [], lang);
    assert.ok(keys.length > 1000);
  }
});

test('both catalogues have the same keys, in the same order', () => {
  assert.deepEqual(Object.keys(ko), Object.keys(en));
});

test('both languages fill the same placeholders, and no text is empty', () => {
  const holes = (/** @type {string} */ text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, text] of Object.entries(en)) {
    assert.ok(text.trim() && ko[key]?.trim(), `${key} is empty`);
    assert.deepEqual(holes(ko[key] ?? ''), holes(text), key);
  }
});

test('every key that the code names exists', () => {
  const { stems } = used();
  const missing = [];
  for (const { path, text } of code) {
    for (const [, key] of text.matchAll(/\b(?:i18n\.)?t\(\s*'([^']+)'/g)) {
      if (key && !(key in en)) missing.push(`${path}: ${key}`);
    }
  }
  for (const stem of stems) {
    for (const form of ['one', 'other']) if (!(`${stem}.${form}` in en)) missing.push(`${stem}.${form}`);
  }
  assert.deepEqual(missing, []);
});

test('every key of the catalogues is used', () => {
  const { exact, stems, starts } = used();
  const unused = Object.keys(en).filter((key) => {
    if (exact.has(key)) return false;
    if (stems.has(key.replace(/\.(one|other)$/, ''))) return false;
    return ![...starts].some((start) => key.startsWith(start));
  });
  assert.deepEqual(unused, []);
});

test('every code of the server has a sentence, and every sentence a code', () => {
  const said = Object.keys(en).filter((key) => key.startsWith('error.'));
  assert.deepEqual(said.map((key) => key.slice('error.'.length)).sort(), [...CODES, ...OWN].sort());
});

test('what the server says of the fields of an account is said in both languages', async () => {
  const sentences = [];
  const folder = join(ROOT, '../modules/accounts');
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.go'))) {
    const source = await readFile(join(folder, file), 'utf8');
    for (const [, sentence] of source.matchAll(/^(?:\t|const )msg\w+\s*= "(.*)"$/gm))
      sentences.push(sentence);
  }
  assert.deepEqual([...SAID.keys()].sort(), sentences.sort());
  for (const [sentence, key] of SAID) assert.equal(en[key], sentence);
});

test('Korean stands in the catalogue only; a language may say its own name', () => {
  const strays = code.filter(
    ({ path, text }) => path !== 'components/settings.js' && /\p{Script=Hangul}/u.test(text),
  );
  assert.deepEqual(
    strays.map(({ path }) => path),
    [],
  );
});

const lint = new ESLint({ cwd: ROOT });

/** @param {string} filePath @param {string} source */
async function rules(filePath, source) {
  const [result] = await lint.lintText(source, { filePath: join(ROOT, filePath) });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

test('the linter finds text that is not in a catalogue', async () => {
  const head = "import { h } from '../core/element.js';\n";
  const rule = 'local/no-literal-text';
  const planted = [
    `export const a = h('p', null, 'Hello there');`,
    `export const a = (b) => h('p', null, b ? 'Yes please' : null);`,
    'export const a = (n) => h("p", null, `${n} pieces`);',
    `export const a = h('img', { alt: 'A shoe' });`,
    `export const a = h('p', null, []); a.textContent = 'Hello';`,
  ];
  for (const source of planted)
    assert.deepEqual(await rules('components/x.js', `${head}${source}\n`), [rule], source);
  const fine = `export const a = h('p', { class: 'some thing' }, '·', 5, '₩');\n`;
  assert.deepEqual(await rules('components/x.js', head + fine), []);
});

test('the linter refuses arrows that run back', async () => {
  const rule = 'no-restricted-imports';
  assert.deepEqual(await rules('core/x.js', "import '../components/icon.js';\n"), [rule]);
  assert.deepEqual(await rules('core/x.js', "import '../pages/home/home.js';\n"), [rule]);
  assert.deepEqual(await rules('components/x.js', "import '../pages/home/home.js';\n"), [rule]);
  assert.deepEqual(await rules('components/shop/x.js', "import '../../pages/shop/shop.js';\n"), [rule]);
  assert.deepEqual(await rules('components/x.js', "import '../core/store.js';\n"), []);
  assert.deepEqual(await rules('pages/shop/x.js', "import '../../components/icon.js';\n"), []);
});
