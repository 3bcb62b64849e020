import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { ROOT, scripts } from './tree.mjs';

/** @param {string} lang @returns {Promise<Record<string, string>>} */
const catalogue = async (lang) => JSON.parse(await readFile(join(ROOT, 'i18n', `${lang}.json`), 'utf8'));
const ko = await catalogue('ko');
const en = await catalogue('en');
const code = await scripts();

/** Codes the server may answer with. Each must be a sentence in both languages. */
const CODES =
  `request.invalid request.malformed auth.required auth.forbidden auth.session_ended auth.token_invalid
  route.not_found request.too_large request.cross_origin rate.limited idempotency.mismatch idempotency.in_flight
  page.bad_page page.bad_cursor blob.unsupported_type blob.bad_image blob.too_large accounts.bad_credentials
  accounts.email_unverified accounts.key_invalid accounts.refresh_invalid accounts.user_not_found
  accounts.deactivated shop.brand_not_found shop.info_not_found shop.product_not_found shop.image_not_found
  shop.bid_not_found shop.order_not_found shop.brand_taken shop.size_taken shop.brand_in_use shop.info_in_use
  shop.product_in_use shop.bid_crosses_book shop.no_counter_bid shop.price_moved shop.price_off_tick
  shop.price_out_of_band shop.price_needs_confirmation shop.not_biddable shop.not_for_sale shop.out_of_stock
  shop.bid_closed client.offline client.failure`.split(/\s+/);

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

test('every known code of the server has a sentence', () => {
  assert.deepEqual(
    CODES.filter((code) => !(`error.${code}` in en)),
    [],
  );
  assert.deepEqual(
    Object.keys(en).filter((key) => /^error\.\w+\.\w+$/.test(key) && !CODES.includes(key.slice(6))),
    [],
  );
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
