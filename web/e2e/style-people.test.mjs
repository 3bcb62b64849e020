import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { png, pngFile } from './drawing.mjs';
import { SIZES, becomes, world } from './harness.mjs';
import { newName, rename, someone, toast } from './people.mjs';

/**
 * @typedef {import('./people.mjs').Someone} Someone
 * @typedef {import('../core/style-types.js').Post} Post
 */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

const POSTS = '/api/styles/posts/';

/** @param {Someone} by @param {string} content @returns {Promise<Post>} */
const write = ({ visitor }, content) => visitor.post(POSTS, { content });

/** @param {...Someone} people */
async function end(...people) {
  for (const { visitor } of people) {
    visitor.clean();
    await visitor.close();
  }
}

test('following shows at once, counts, and fills the feed of those whom one follows', async () => {
  const ann = await someone(rally);
  const bob = await someone(rally);
  const { id } = await write(bob, 'For my followers');
  const { page, visitor } = ann;
  await visitor.open('/style?type=following');
  await page.getByText('Nothing here yet').waitFor();
  await visitor.inspect('style-following-empty');

  await visitor.open(`/u/${bob.name}`);
  const counts = page.locator('.profile-counts');
  await counts.getByText('0 Followers').waitFor();
  visitor.expect(500);
  await page.route('**/follow/', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', detail: 'Broken.', request_id: 'req-5' } }),
  );
  await page.locator('.profile .follow').click();
  await toast(visitor, 'req-5');
  await counts.getByText('0 Followers').waitFor();
  await becomes(() => page.locator('.profile .follow').textContent(), 'Follow');
  await page.unroute('**/follow/');
  await page.locator('.profile .follow').click();
  await counts.getByText('1 Followers').waitFor();
  await becomes(async () => (await visitor.get(`/api/styles/people/${bob.name}/`)).following, true);
  await counts.getByRole('button', { name: 'Followers' }).click();
  await page.getByRole('dialog').getByRole('link', { name: ann.name }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page
    .locator('.profile-relation')
    .getByRole('button', { name: /Add friend/ })
    .click();
  await page
    .locator('.profile-relation')
    .getByRole('button', { name: /Cancel request/ })
    .waitFor();
  await visitor.inspect('person-followed');

  await visitor.open('/style?type=following');
  await page.locator(`.masonry > li[data-key="${id}"]`).waitFor();
  await end(ann, bob);
});

test('a rename and a new picture reach every page that shows them, and their address', async () => {
  const ann = await someone(rally);
  const bob = await someone(rally);
  const { id } = await write(bob, 'Who am I?');
  const profile = await ann.visitor.context.newPage();
  ann.visitor.watch(profile);
  await profile.goto(`/u/${bob.name}`);
  await profile.getByRole('heading', { name: bob.name }).waitFor();
  await ann.visitor.open(`/style/posts/${id}`);
  await ann.page.locator('.post-head').getByRole('link', { name: bob.name }).waitFor();

  const name = newName();
  await rename(bob.visitor, name);
  const link = ann.page.locator('.post-head').getByRole('link', { name });
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), `/u/${name}`);
  await profile.getByRole('heading', { name }).waitFor();
  await becomes(async () => new URL(profile.url()).pathname, `/u/${name}`);
  await becomes(() => profile.title(), `${name} · Rally`);

  await bob.visitor.open('/my/profile');
  await bob.page.locator('.portrait-editor input[type=file]').setInputFiles(pngFile('me.png', png(500, 300)));
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await toast(bob.visitor, 'Your picture is changed');
  await ann.page.locator('.post-head .portrait img').waitFor();
  await profile.locator('.profile > .portrait img').waitFor();
  await profile.reload();
  await profile.getByRole('heading', { name }).waitFor();
  await bob.page.getByRole('button', { name: 'Remove picture' }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Remove picture' }).click();
  await toast(bob.visitor, 'Your picture is removed');
  await ann.page.locator('.post-head .portrait img').waitFor({ state: 'detached' });
  await end(ann, bob);
});

test('whoever is muted is not seen any more, and seen again', async () => {
  const ann = await someone(rally);
  const bob = await someone(rally);
  const { id } = await write(bob, 'Loud words');
  const { page, visitor } = ann;
  await visitor.open('/style?type=latest');
  const card = page.locator(`.masonry > li[data-key="${id}"]`);
  await card.getByRole('link', { name: bob.name }).click();
  await page.waitForURL(`**/u/${bob.name}`);
  await page.getByRole('button', { name: 'More for this profile' }).click();
  await page.getByRole('button', { name: 'Mute this person' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Mute' }).click();
  await page.getByText('You have muted this person').waitFor();
  await page.goBack();
  await visitor.settled();
  assert.equal(await card.count(), 0);

  await visitor.open('/friends/muted');
  await page.locator('main .person', { hasText: bob.name }).waitFor();
  await visitor.inspect('friends-muted');
  await page.getByRole('button', { name: `Unmute: ${bob.name}` }).click();
  await toast(visitor, `${bob.name} is no longer muted`);
  await page.getByText('You have not muted anybody').waitFor();
  await visitor.open('/style?type=latest');
  await card.waitFor();
  await end(ann, bob);
});

test('likes, comments, followers and mentions are told, and lead there', async () => {
  const ann = await someone(rally);
  const bob = await someone(rally);
  const { id } = await write(ann, 'Tell me');
  await bob.visitor.open(`/style/posts/${id}`);
  await bob.page.locator('.post-acts').getByRole('button', { name: /^Like/ }).click();
  await bob.page.getByRole('button', { name: '1 like' }).waitFor();
  await bob.visitor.post(`${POSTS}${id}/comments/`, { content: 'So nice' });
  await bob.page.locator('.post-head .follow').click();
  await bob.page.locator('.post-head').getByText('Following').waitFor();
  await write(bob, `Look, @${ann.name}`);

  await ann.visitor.open('/inbox');
  const note = (/** @type {string} */ words) => ann.page.locator('main .note', { hasText: words });
  await note(`${bob.name} likes your post`).waitFor();
  await note(`${bob.name} commented on your post`).waitFor();
  await note(`${bob.name} follows you`).waitFor();
  await note(`${bob.name} mentioned you in a post`).waitFor();
  await ann.visitor.inspect('inbox-style');
  await note('follows you').locator('.note-link').click();
  await ann.page.waitForURL(`**/u/${bob.name}`);
  await ann.page.goBack();
  await note('likes your post')
    .getByRole('link', { name: `Profile of ${bob.name}` })
    .click();
  await ann.page.waitForURL(`**/u/${bob.name}`);
  await ann.page.goBack();
  await note('commented on').locator('.note-link').click();
  await ann.page.waitForURL(`**/style/posts/${id}`);
  await end(ann, bob);
});

test('people, tags and posts are found, also from the box of the shop', async () => {
  const ann = await someone(rally, { size: SIZES.desktop });
  const { page, visitor } = ann;
  const word = `kumquat${Date.now()}`;
  const { id } = await write(ann, `A ${word} in the #${word} garden`);
  await visitor.open('/');
  const box = page.getByRole('banner').getByRole('searchbox');
  await box.fill(word);
  await page.getByRole('link', { name: `Find “${word}” in people and posts` }).click();
  await page.waitForURL(`**/style/search?q=${word}`);
  await page.locator(`.masonry > li[data-key="${id}"]`).waitFor();
  await page.getByText(`Nobody is called “${word}”.`).waitFor();
  await page.locator('.tag-chip', { hasText: word }).click();
  await page.waitForURL(`**/style/tags/${word}`);
  await page.getByText('1 post', { exact: true }).waitFor();
  await visitor.open(`/style/search?q=${ann.name}`);
  await page.locator('.found-people').getByRole('link', { name: ann.name }).click();
  await page.waitForURL(`**/u/${ann.name}`);
  await page.getByRole('link', { name: 'Edit profile' }).waitFor();
  await page.getByRole('link', { name: 'Likes' }).click();
  await page.getByText('You have not liked a post yet').waitFor();
  visitor.expect(404);
  await page.goto('/u/nobody.is.this');
  await page.locator('main').getByText('Nobody has this name').last().waitFor();
  await end(ann);
});
