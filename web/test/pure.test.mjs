import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../core/backoff.js';
import { cumulate, newerBook, spread } from '../core/book.js';
import {
  activeFilters,
  cleared,
  formatRange,
  listPath,
  orderingOf,
  parseRange,
  toggled,
} from '../core/filters.js';
import { ago, bySize, parsePrice, percent, won } from '../core/format.js';
import { I18n, interpolate, pickLang } from '../core/i18n.js';
import { matchPath } from '../core/match.js';
import { articleName, pictures } from '../core/names.js';
import { mediaPath, pathOf, safeNext, signinPath, withNext } from '../core/paths.js';
import { withQuery } from '../core/router.js';
import { Store } from '../core/store.js';
import { offLast, planTrade, step, suggestPrice } from '../core/trade.js';
import { uuid } from '../core/uuid.js';

/** @param {Partial<import('../core/types.js').Book>} part @returns {import('../core/types.js').Book} */
const book = (part) => ({
  product: 1,
  version: 1,
  purchase_price: null,
  sales_price: null,
  asks: [],
  bids: [],
  last_trade: null,
  ...part,
});

test('a store tells changes only, and stops with its signal', async () => {
  const store = new Store(1);
  /** @type {number[]} */
  const seen = [];
  const life = new AbortController();
  store.subscribe((value) => seen.push(value), life.signal);
  store.set(1);
  store.set(2);
  life.abort();
  store.set(3);
  assert.deepEqual(seen, [2]);
  assert.equal(await store.when((value) => value === 3), 3);
});

test('backoff grows, has a ceiling and never falls below half of it', () => {
  assert.equal(backoff(0, { base: 500, random: () => 0 }), 250);
  assert.equal(backoff(0, { base: 500, random: () => 1 }), 500);
  assert.equal(backoff(3, { base: 500, random: () => 1 }), 4_000);
  assert.equal(backoff(90, { base: 500, max: 30_000, random: () => 1 }), 30_000);
});

test('a UUID without a secure context has the form of one', () => {
  const made = uuid({ getRandomValues: crypto.getRandomValues.bind(crypto) });
  assert.match(made, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('next leads to a page of this site or home', () => {
  const origin = 'https://rally.test';
  const good = ['/shop/12?size=260&trade=purchase', '/my/orders', '/', '/shop#x'];
  for (const path of good) assert.equal(safeNext(path, origin), path);
  const bad = [
    null,
    '',
    'shop',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    '\\\\evil.test',
    'https://evil.test/',
    'javascript:alert(1)',
    '/.//evil.test',
    '/api/accounts/logout/',
    '/signin?next=/signin',
    '/signup',
    undefined,
    ' /shop',
    '\n/shop',
    '/\\/evil.test',
    '/\\\\evil.test',
    '/shop\\..\\evil',
    '/\n/evil.test',
    '/\r\n/evil.test',
    '/\u0000/evil.test',
    '/\u0009\u0009//evil.test',
    '/shop\nSet-Cookie: a=b',
    '/shop\u007f',
    '/shop\u0085',
    '/..//evil.test',
    '/shop/..//evil.test',
    '/shop/../..//evil.test',
    '/././/evil.test',
    '/%2e//evil.test',
    '/shop/%2E%2e//evil.test',
    '//evil.test@rally.test/',
    '//rally.test@evil.test/',
    '///rally.test',
    '////',
    '//',
    '@evil.test',
    ':80',
    '?next=//evil.test',
    '#//evil.test',
    'http:/shop',
    'https:shop',
    'HTTPS://RALLY.TEST.evil.test/',
    'JaVaScRiPt:alert(1)//',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:https://rally.test/x',
    '／／evil.test',
    '/api',
    '/api/accounts/oauth/google/login/?next=/',
    '/shop/../api/accounts/logout/',
    '/./signin',
    '/ws',
    '/media/x.svg',
    '/assets/app.js',
  ];
  for (const path of bad) assert.equal(safeNext(path, origin), '/', JSON.stringify(path));
  assert.equal(safeNext('//evil.test', origin, '/shop'), '/shop');
});

test('whatever next is, the place it leads to is here', () => {
  const origin = 'https://rally.test';
  const parts = [
    '/',
    '\\',
    '.',
    '..',
    '%2f',
    '%5c',
    '%2e',
    '@',
    ':',
    '\t',
    '\n',
    ' ',
    '?',
    '#',
    'evil.test',
    'x',
  ];
  let seed = 42;
  const pick = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return parts[Math.floor((seed / 2_147_483_648) * parts.length)] ?? '';
  };
  for (let round = 0; round < 5_000; round += 1) {
    const next = `/${Array.from({ length: 1 + (round % 7) }, pick).join('')}`;
    const path = safeNext(next, origin);
    // The router parses it once more, against the address of the page.
    assert.equal(new URL(path, `${origin}/signin?next=x`).origin, origin, JSON.stringify(next));
    assert.match(path, /^\/(?!\/)/, JSON.stringify(next));
    assert.equal(safeNext(path, origin), path, JSON.stringify(next));
  }
});

test('what looks odd but stays here is kept', () => {
  const origin = 'https://rally.test';
  for (const path of [
    '/shop?url=https://evil.test/',
    '/shop?a=//b',
    '/shop#//evil.test',
    '/%2f%2fevil.test',
    '/%5cevil.test',
    '/apish',
    '/signing',
    '/u/%EC%9D%B4',
    '/shop:80',
    '/@evil.test',
  ])
    assert.equal(safeNext(path, origin), path);
});

test('paths', () => {
  assert.equal(pathOf('https://public.test/api/x/?page=2'), '/api/x/?page=2');
  assert.equal(signinPath('/shop/1?size=260'), '/signin?next=%2Fshop%2F1%3Fsize%3D260');
  assert.equal(signinPath('/'), '/signin');
  assert.equal(withNext('/signup', '/shop?size=260'), '/signup?next=%2Fshop%3Fsize%3D260');
  assert.equal(withNext('/signup', '/'), '/signup');
  assert.equal(mediaPath('https://public.test/media/a.png'), '/media/a.png');
  assert.equal(mediaPath('https://pictures.test/a.png'), 'https://pictures.test/a.png');
  assert.equal(mediaPath('/media/a.png'), '/media/a.png');
});

test('routes match whole segments, ids are numbers', () => {
  assert.deepEqual(matchPath('/shop/:id', '/shop/12'), { id: '12' });
  assert.deepEqual(matchPath('/shop/:id', '/shop/12/'), { id: '12' });
  assert.equal(matchPath('/shop/:id', '/shop/abc'), null);
  assert.equal(matchPath('/shop/:id', '/shop/0'), null);
  assert.equal(matchPath('/shop/:id', '/shop'), null);
  assert.deepEqual(matchPath('/', '/'), {});
  assert.deepEqual(matchPath('/u/:name', '/u/%EC%9D%B4'), { name: '이' });
  assert.equal(matchPath('/u/:name', '/u/%E0%A4%A'), null);
});

test('the query changes one name at a time', () => {
  const query = new URLSearchParams('size=260&trade=purchase');
  assert.equal(withQuery(query, { trade: null }), '?size=260');
  assert.equal(withQuery(query, { trade: null, size: null }), '');
  assert.equal(withQuery(query, { size: '270' }), '?size=270&trade=purchase');
});

test('the language is the chosen one, else the first the browser knows, else English', () => {
  assert.equal(pickLang(null, ['ko-KR', 'en']), 'ko');
  assert.equal(pickLang('en', ['ko']), 'en');
  assert.equal(pickLang('xx', ['de', 'ko']), 'ko');
  assert.equal(pickLang(null, ['fr']), 'en');
});

test('placeholders are filled, unknown ones stay visible', () => {
  assert.equal(interpolate('{a} and {b}', { a: 1 }), '1 and {b}');
});

test('a wait is told in whole units, never too short', async () => {
  const i18n = new I18n('en', async () => ({}));
  assert.equal(i18n.span(1), '1 second');
  assert.equal(i18n.span(0.2), '1 second');
  assert.equal(i18n.span(90), '90 seconds');
  assert.equal(i18n.span(91), '2 minutes');
  assert.equal(i18n.span(600), '10 minutes');
  assert.equal(i18n.span(7_201), '3 hours');
  await i18n.use('ko');
  assert.equal(i18n.span(200), '4분');
});

test('prices and times', () => {
  assert.equal(won(129_000), '₩129,000');
  assert.equal(parsePrice('129,000'), 129_000);
  assert.equal(parsePrice('₩ １２９０００원'), 129_000);
  assert.equal(parsePrice(''), null);
  assert.equal(percent(350, 'en'), '3.5%');
  assert.equal(ago('2025-01-01T00:00:00Z', 'en', Date.parse('2025-01-01T02:30:00Z')), '2 hours ago');
  assert.equal(ago('2025-01-01T00:00:00Z', 'en', Date.parse('2025-01-01T00:00:20Z')), 'now');
});

test('sizes stand in the order of the shelf', () => {
  const sizes = ['XL', '270', 'ALL', 'S', '250', 'M', '255'];
  assert.deepEqual(sizes.sort(bySize), ['ALL', '250', '255', '270', 'S', 'M', 'XL']);
});

test('names follow the language and fall back', () => {
  assert.equal(articleName({ eng_name: 'A', kor_name: '가' }, 'ko'), '가');
  assert.equal(articleName({ eng_name: 'A', kor_name: '' }, 'ko'), 'A');
  assert.deepEqual(
    pictures([{ id: 1, product_image: '/1' }], ['/1', '/2', '']).map(({ url }) => url),
    ['/1', '/2'],
  );
});

test('a lower version of the book is ignored, another product is not compared', () => {
  const seven = book({ version: 7 });
  assert.equal(newerBook(seven, book({ version: 6 })), seven);
  assert.equal(newerBook(seven, book({ version: 8 })).version, 8);
  assert.equal(newerBook(seven, book({ product: 2, version: 1 })).product, 2);
  assert.equal(newerBook(null, seven), seven);
});

test('the spread, and how deep a book is', () => {
  const both = book({ asks: [{ price: 130, count: 2 }], bids: [{ price: 120, count: 4 }] });
  assert.equal(spread(both), 10);
  assert.equal(spread(book({})), null);
  assert.equal(spread(book({ asks: [{ price: 100, count: 1 }], bids: [{ price: 120, count: 1 }] })), null);
  const asks = [
    { price: 130, count: 2 },
    { price: 131, count: 1 },
    { price: 140, count: 4 },
  ];
  assert.deepEqual(
    cumulate(asks).map(({ price, count, sum }) => [price, count, sum]),
    [
      [130, 2, 2],
      [131, 1, 3],
      [140, 4, 7],
    ],
  );
  assert.deepEqual(cumulate([]), []);
});

test('a picture names its variants with the width that each of them really has', () => {
  const shot = { id: 1, product_image: '/l', medium: '/m', small: '/s' };
  const [wide] = pictures([{ ...shot, width: 1600, height: 800 }], []);
  assert.deepEqual(wide?.sources, [
    { url: '/s', width: 320 },
    { url: '/m', width: 800 },
    { url: '/l', width: 1600 },
  ]);
  const [tall] = pictures([{ ...shot, width: 800, height: 1600 }], []);
  assert.deepEqual(
    tall?.sources.map(({ width }) => width),
    [160, 400, 800],
  );
  // A small original is its own variants, and one without a known size has none to choose from.
  assert.deepEqual(pictures([{ ...shot, width: 200, height: 200 }], [])[0]?.sources, []);
  assert.deepEqual(pictures([shot], [])[0]?.sources, []);
});

test('a price becomes a bid, a trade, or neither', () => {
  const market = { purchase_price: 130_000, sales_price: 120_000 };
  /** @param {object} wish */
  const plan = (wish) =>
    planTrade({ side: 'purchase', now: false, typed: null, tick: 1_000, book: market, ...wish });
  assert.deepEqual(plan({ typed: 125_000 }), { kind: 'bid', price: 125_000 });
  assert.deepEqual(plan({ typed: 130_000 }), { kind: 'now', price: 130_000, crossed: true });
  assert.deepEqual(plan({ typed: 900_000 }), { kind: 'now', price: 130_000, crossed: true });
  assert.deepEqual(plan({ side: 'sales', typed: 100_000 }), { kind: 'now', price: 120_000, crossed: true });
  assert.deepEqual(plan({ side: 'sales', typed: 121_000 }), { kind: 'bid', price: 121_000 });
  assert.deepEqual(plan({ now: true, typed: 1 }), { kind: 'now', price: 130_000, crossed: false });
  assert.deepEqual(plan({ now: true, book: { purchase_price: null, sales_price: null } }), {
    kind: 'nobody',
  });
  assert.deepEqual(plan({ typed: 125_500 }), { kind: 'off-tick', below: 125_000, above: 126_000 });
  assert.deepEqual(plan({ typed: 300 }), { kind: 'off-tick', below: 1_000, above: 1_000 });
  assert.deepEqual(plan({ typed: 0 }), { kind: 'incomplete' });
  assert.deepEqual(plan({ typed: 2_000_000_000 }), { kind: 'too-high' });
});

test('steps lead onto the tick and stay in range', () => {
  assert.equal(step(125_000, 1_000, 1), 126_000);
  assert.equal(step(125_500, 1_000, 1), 126_000);
  assert.equal(step(125_500, 1_000, -1), 125_000);
  assert.equal(step(1_000, 1_000, -1), 1_000);
  assert.equal(step(null, 1_000, 1), 1_000);
  assert.equal(step(1_000_000_000, 1_000, 1), 1_000_000_000);
});

test('the suggested price leads its own side and never crosses', () => {
  const last = { price: 100_400 };
  /** @param {object} market @param {'purchase'|'sales'} side */
  const suggest = (market, side) =>
    suggestPrice({
      side,
      tick: 1_000,
      book: { purchase_price: null, sales_price: null, last_trade: null, ...market },
    });
  assert.equal(suggest({ purchase_price: 130_000, sales_price: 120_000 }, 'purchase'), 121_000);
  assert.equal(suggest({ purchase_price: 130_000, sales_price: 120_000 }, 'sales'), 129_000);
  assert.equal(suggest({ purchase_price: 121_000, sales_price: 120_000 }, 'purchase'), 120_000);
  assert.equal(suggest({ purchase_price: 130_000 }, 'purchase'), 129_000);
  assert.equal(suggest({ sales_price: 120_000 }, 'sales'), 121_000);
  assert.equal(suggest({ last_trade: last }, 'sales'), 100_000);
  assert.equal(suggest({}, 'sales'), null);
  assert.equal(offLast(70_000, 100_000), -30);
  assert.equal(offLast(70_000, null), null);
});

test('filters survive the address, nonsense does not', () => {
  const query = new URLSearchParams(
    'category=shoes&category=life&category=shoes&price=x&price=-100000&brand_id=1;drop&search=+run+&ordering=odd',
  );
  const asked = new URL(listPath(query, { pageSize: 24 }), 'http://x').searchParams;
  assert.deepEqual(asked.getAll('category'), ['shoes', 'life']);
  assert.deepEqual(asked.getAll('price'), ['-100000']);
  assert.deepEqual(asked.getAll('brand_id'), []);
  assert.equal(asked.get('search'), 'run');
  assert.equal(asked.get('ordering'), 'popular');
  assert.equal(asked.get('facets'), 'true');
  assert.equal(orderingOf(new URLSearchParams('ordering=-price')), '-price');
});

test('filters switch on and off', () => {
  const on = toggled(new URLSearchParams('search=a&size=260'), 'size', '270');
  assert.equal(on.toString(), 'search=a&size=260&size=270');
  assert.equal(toggled(on, 'size', '260').toString(), 'search=a&size=270');
  assert.deepEqual(activeFilters(on), [
    { name: 'size', value: '260' },
    { name: 'size', value: '270' },
  ]);
  assert.equal(cleared(on).toString(), 'search=a');
});

test('price ranges may be open and are put in order', () => {
  assert.deepEqual(parseRange('100-200'), { min: 100, max: 200 });
  assert.deepEqual(parseRange('200-100'), { min: 100, max: 200 });
  assert.deepEqual(parseRange('-100'), { min: null, max: 100 });
  assert.equal(parseRange('-'), null);
  assert.equal(parseRange('1e3-'), null);
  assert.equal(formatRange(5, null), '5-');
  assert.equal(formatRange(9, 5), '5-9');
  assert.equal(formatRange(null, null), null);
});
