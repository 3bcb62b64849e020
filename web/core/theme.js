import { local } from './storage.js';
import { Store } from './store.js';

/** @typedef {'system'|'light'|'dark'} Theme */

/** @type {readonly Theme[]} */
export const THEMES = ['system', 'light', 'dark'];

const KEY = 'rally.theme';

const saved = THEMES.find((known) => known === local.get(KEY));

/** @type {Store<Theme>} */
export const theme = new Store(saved ?? 'system');

/** @param {Theme} next */
export function useTheme(next) {
  local.set(KEY, next === 'system' ? null : next);
  theme.set(next);
  paint();
}

/** Before this module is read, /theme.js has already done the same, so that nothing flashes. */
export function paint() {
  const dark =
    theme.value === 'dark' ||
    (theme.value === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const root = document.documentElement;
  root.dataset['theme'] = dark ? 'dark' : 'light';
  const color = getComputedStyle(root).getPropertyValue('--bg').trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', color);
}

export function followSystem() {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
}
