import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SIZES, becomes, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

test('on a phone the sign of searching leads into the box', async () => {
  const visitor = await rally.visit({ lang: 'en-US', size: SIZES.phone });
  const { page } = visitor;
  const inBox = () => page.waitForFunction(() => document.activeElement?.matches('main .search-input'));
  await visitor.open('/');
  await page.getByRole('banner').getByRole('link', { name: 'Search the shop' }).click();
  await page.waitForURL('**/shop');
  await visitor.settled();
  await inBox();
  await page.keyboard.press('Tab');
  await page.getByRole('banner').getByRole('link', { name: 'Search the shop' }).click();
  await inBox();
  visitor.clean();
  await visitor.close();
});

test('words that nothing matches show what is spelled alike, and say so', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { results } = await visitor.get('/api/shop/productinfos/?ordering=popular&page_size=1');
  const [word] = results[0].eng_name.split(' ').filter((/** @type {string} */ part) => part.length > 5);
  assert.ok(word, results[0].eng_name);
  const typo = word[0] + word.slice(2);
  const { similar, count } = await visitor.get(`/api/shop/productinfos/?search=${typo}`);
  assert.equal(similar, true, typo);
  await visitor.open(`/shop?search=${typo}`);
  await page.getByText(`No exact match for “${typo}”. Similar:`).waitFor();
  assert.equal(await page.locator('.shop-main .card').count(), Math.min(24, count));
  await visitor.inspect('shop-similar');
  await page.getByRole('button', { name: `Remove filter: Search: ${typo}` }).click();
  await page.waitForURL((url) => url.pathname === '/shop' && url.search === '');
  await becomes(() => page.locator('.shop-similar').isHidden(), true);
  visitor.clean();
  await visitor.close();
});

test('a size tells how many there are, leads to itself, and an empty shelf leads back', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.open('/shop?category=shoes');
  const chip = page.locator('.shop-side .chip', { has: page.locator('#side-size-260') });
  const promised = Number(await chip.locator('.chip-count').textContent());
  const { count } = await visitor.get('/api/shop/productinfos/?category=shoes&size=260');
  assert.equal(promised, count);
  await chip.locator('input').check();
  await page.waitForURL((url) => url.searchParams.get('size') === '260');
  await visitor.settled();
  const hrefs = await page
    .locator('.shop-main .card')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  assert.ok(hrefs.length > 0 && hrefs.every((href) => href?.endsWith('?size=260')));

  await visitor.open('/shop?search=zzzzzzzz&size=260');
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await page.waitForURL((url) => url.search === '?search=zzzzzzzz');
  await page.getByRole('link', { name: 'Show everything' }).waitFor();
  visitor.clean();
  await visitor.close();
});
