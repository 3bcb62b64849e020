import { until } from './harness.mjs';

/**
 * People at matches, as the browser tests play them.
 *
 * @typedef {import('./people.mjs').Someone} Someone
 */

/** How long a match to three may take, in milliseconds: with a pause, on a busy machine. */
export const MATCH_MS = 240_000;
const OVER = ['ending', 'over', 'void', 'gone'];

/** What somebody on the page of a match is looking at. @param {Someone} someone @returns {Promise<string|null>} */
export function situation({ page }) {
  return page.evaluate(() => {
    const match = /** @type {any} */ (document.querySelector('page-pong-match'));
    return match?.stats?.situation ?? null;
  });
}

/** @param {Someone} someone @param {string} wanted */
export function comesTo(someone, wanted) {
  return until(
    async () => (await situation(someone)) === wanted,
    `${someone.name} sees: ${wanted}`,
    MATCH_MS,
  );
}

/** They say that they are ready. @param {...Someone} people */
export async function getReady(...people) {
  for (const { page } of people) await page.getByRole('button', { name: /^(Ready|Start)$/ }).click();
}

/** The match that somebody is at. @param {Someone} someone */
export const matchOf = ({ page }) => Number(/\/pong\/m\/(\d+)/.exec(page.url())?.[1]);

/**
 * Moves up and down until the match is over, or enough.
 *
 * @param {Someone} someone
 * @param {() => Promise<boolean>} [enough]
 */
export async function playOn(someone, enough = async () => false) {
  const { page } = someone;
  const keys = ['ArrowUp', 'ArrowDown', 'KeyS', 'KeyW'];
  const end = Date.now() + MATCH_MS;
  for (let n = 0; Date.now() < end; n += 1) {
    if (OVER.includes((await situation(someone)) ?? 'gone') || (await enough())) return;
    const key = keys[n % keys.length] ?? 'ArrowUp';
    await page.keyboard.down(key);
    await page.waitForTimeout(300);
    await page.keyboard.up(key);
  }
  throw new Error('the match has no end');
}

/** How well it goes. @param {Someone} someone @returns {Promise<any>} */
export const stats = ({ page }) =>
  page.evaluate(() => /** @type {any} */ (document.querySelector('page-pong-match')).stats);

/**
 * Goes after the ball with the keys, as the server told it last, until the match is over.
 *
 * @param {Someone} someone
 * @param {number} reach less than 1 stands off, and misses now and then
 */
export async function follow(someone, reach) {
  await someone.page.evaluate((near) => {
    let held = '';
    const press = (/** @type {string} */ code) => {
      if (code === held) return;
      if (held) dispatchEvent(new KeyboardEvent('keyup', { code: held, bubbles: true }));
      if (code) dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true }));
      held = code;
    };
    const look = () => {
      const match = /** @type {any} */ (document.querySelector('page-pong-match'));
      const { situation: now, mine, state } = match?.stats ?? {};
      if (now !== 'playing' && now !== 'paused') return press('');
      const middle = 45_000;
      const gap = middle + near * (state.y - middle) - state.paddles[mine[0]];
      press(gap > 4_000 ? 'ArrowDown' : gap < -4_000 ? 'ArrowUp' : '');
      requestAnimationFrame(look);
    };
    look();
  }, reach);
}
