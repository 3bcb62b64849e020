import assert from 'node:assert/strict';
import { test } from 'node:test';
import { articleBody, articleComplaints, articleValues } from '../components/admin/article-values.js';
import { differences } from '../components/admin/diff.js';
import { bpsOf, localMinute, percentOf } from '../components/admin/fee-values.js';
import { askedFor, cursorIn, pageOf, pagesOf, refiltered, valueOf } from '../components/admin/query.js';
import { MAX_BYTES, refusalOf } from '../core/upload.js';

/** @type {import('../components/admin/query.js').Filter[]} */
const FILTERS = [
  { name: 'search', label: '', kind: 'search' },
  { name: 'status', label: '', kind: 'select', options: [{ value: 'open', label: '' }] },
  { name: 'overdue', label: '', kind: 'check' },
  { name: 'user', label: '', kind: 'text', pattern: /^[1-9]\d{0,17}$/ },
];

/** @param {string} query @param {boolean} [cursor] */
const asked = (query, cursor = false) =>
  askedFor(new URLSearchParams(query), FILTERS, { size: 25, cursor }).toString();

test('only known filters with values that can be pass from the address to the server', () => {
  assert.equal(asked(''), 'page_size=25');
  assert.equal(
    asked('search= court 84 &status=open&overdue=true&user=12&page=3'),
    'search=court+84&status=open&overdue=true&user=12&page=3&page_size=25',
  );
  assert.equal(asked('status=nonsense&overdue=yes&user=-1&page=-2&page_size=9999&evil=1'), 'page_size=25');
  assert.equal(asked('page=2&cursor=abc', true), 'cursor=abc&page_size=25');
  assert.equal(asked('page=1'), 'page_size=25');
});

test('another filter begins at the first page', () => {
  const query = new URLSearchParams('search=a&page=4&cursor=x&status=open');
  assert.equal(refiltered(query, { status: '' }), '?search=a');
  assert.equal(refiltered(query, { search: '', status: '' }), '');
  assert.equal(refiltered(query, { page: '5' }), '?search=a&status=open&page=5');
  assert.equal(query.get('page'), '4', 'the address itself stays');
});

test('pages count from one and never run out below it', () => {
  assert.equal(pagesOf(0, 25), 1);
  assert.equal(pagesOf(25, 25), 1);
  assert.equal(pagesOf(26, 25), 2);
  assert.equal(pageOf(new URLSearchParams('page=0')), 1);
  assert.equal(pageOf(new URLSearchParams('page=12')), 12);
  assert.equal(
    valueOf(new URLSearchParams('user=7'), FILTERS[3] ?? { name: '', label: '', kind: 'text' }),
    '7',
  );
  assert.equal(cursorIn('https://rally.example/api/admin/audit/?cursor=eyJ&page_size=25'), 'eyJ');
  assert.equal(cursorIn(null), '');
});

test('a difference names what came, what went and what changed, and nothing else', () => {
  const before = { name: 'Solbit', tick: 1000, retail_price: null, colorway: '', note: 'old' };
  const after = { name: 'Solbit', tick: 500, retail_price: 119000, colorway: '', note: null };
  assert.deepEqual(differences(before, after), [
    { field: 'tick', before: '1000', after: '500', kind: 'changed' },
    { field: 'retail_price', before: null, after: '119000', kind: 'added' },
    { field: 'note', before: 'old', after: null, kind: 'removed' },
  ]);
  assert.deepEqual(differences(null, { id: 3 }), [{ field: 'id', before: null, after: '3', kind: 'added' }]);
  assert.deepEqual(differences({ ok: false }, null), [
    { field: 'ok', before: 'false', after: null, kind: 'removed' },
  ]);
  assert.deepEqual(differences(null, null), []);
  assert.deepEqual(differences({ sizes: [1] }, { sizes: [1, 2] }), [
    { field: 'sizes', before: '[1]', after: '[1,2]', kind: 'changed' },
  ]);
});

test('rates are typed in percent and sent in basis points', () => {
  assert.equal(bpsOf('1.5', 5_000), 150);
  assert.equal(bpsOf(' 3 % ', 5_000), 300);
  assert.equal(bpsOf('0', 5_000), 0);
  assert.equal(bpsOf('0.29', 5_000), 29, 'no error of binary fractions');
  assert.equal(bpsOf('50', 5_000), 5_000);
  for (const bad of ['', '50.01', '-1', '1.234', '1e1', 'abc', '1,5', '%'])
    assert.equal(bpsOf(bad, 5_000), null, bad);
  for (const bps of [0, 29, 150, 300, 10_000]) assert.equal(bpsOf(percentOf(bps), 10_000), bps);
});

test('a local minute survives the way through the field', () => {
  const date = new Date(2026, 2, 1, 9, 30);
  assert.equal(localMinute(date), '2026-03-01T09:30');
  assert.equal(new Date(localMinute(date)).getTime(), date.getTime());
});

const INFO = /** @type {any} */ ({
  brand: 3,
  eng_name: 'Court 84',
  kor_name: '코트 84',
  category: 'shoes',
  delivery_tag: 'immediate',
  model_number: 'SB-84',
  colorway: '',
  retail_price: null,
  release_date: '',
  tick: 1000,
});

test('the form of an article gives back what it was given', () => {
  const values = articleValues(INFO);
  assert.deepEqual(articleComplaints(values), {});
  const { retail_price: none, ...rest } = INFO;
  assert.equal(none, null);
  assert.deepEqual(articleBody(values), rest);
  assert.deepEqual(articleBody({ ...values, retail_price: '119,000' }), { ...rest, retail_price: 119000 });
});

test('what can be wrong with an article is said before it is sent', () => {
  const values = articleValues(INFO);
  assert.deepEqual(Object.keys(articleComplaints({ ...values, eng_name: '' })), ['eng_name']);
  for (const tick of ['', '0', '1000001', 'x', '-5', '1.5'])
    assert.deepEqual(Object.keys(articleComplaints({ ...values, tick })), ['tick'], tick);
  for (const retail of ['0', '1,000,000,001', 'many', '12.5'])
    assert.deepEqual(
      Object.keys(articleComplaints({ ...values, retail_price: retail })),
      ['retail_price'],
      retail,
    );
  assert.deepEqual(articleComplaints({ ...values, colorway: '가'.repeat(200) }), {});
  assert.deepEqual(Object.keys(articleComplaints({ ...values, colorway: '가'.repeat(201) })), ['colorway']);
});

test('a file that no picture can be is not sent', () => {
  assert.equal(refusalOf({ type: 'image/png', size: MAX_BYTES }), null);
  assert.equal(refusalOf({ type: 'image/png', size: MAX_BYTES + 1 }), 'blob.too_large');
  assert.equal(refusalOf({ type: 'image/svg+xml', size: 10 }), 'blob.unsupported_type');
  assert.equal(refusalOf({ type: '', size: 10 }), 'blob.unsupported_type');
});
