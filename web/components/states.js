import { explain, net, t } from '../core/context.js';
import { fill, h } from '../core/element.js';
import { mediaPath } from '../core/paths.js';
import { Problem } from '../core/problem.js';
import { icon } from './icon.js';

/**
 * What stands where content will be, is not, or could not be read.
 */

/** @param {string} [className] @returns {HTMLElement} a grey block that breathes */
export function bone(className = '') {
  return h('span', { class: `bone ${className}`.trim() });
}

/** @param {number} n @param {() => Node} make */
export function times(n, make) {
  return Array.from({ length: n }, make);
}

/** @param {Node} body @returns {HTMLElement} */
export function skeleton(body) {
  return h(
    'div',
    { class: 'skeleton', role: 'status', 'aria-label': t('state.loading') },
    h('div', { 'aria-hidden': 'true' }, body),
  );
}

/** @param {number} n */
export function skeletonRows(n) {
  return skeleton(
    h(
      'div',
      { class: 'rows' },
      times(n, () =>
        h(
          'div',
          { class: 'row' },
          bone('bone-thumb'),
          h('div', { class: 'row-main' }, bone('w-40'), bone('w-60'), bone('w-30')),
        ),
      ),
    ),
  );
}

/**
 * @param {object} what
 * @param {import('./icon.js').IconName} what.icon
 * @param {string} what.title
 * @param {string} [what.text]
 * @param {{href: string, label: string}} [what.action]
 */
export function emptyState({ icon: name, title, text, action }) {
  return h(
    'div',
    { class: 'state' },
    h('div', { class: 'state-icon' }, icon(name)),
    h('p', { class: 'state-title' }, title),
    text ? h('p', { class: 'state-text' }, text) : null,
    action ? h('a', { class: 'button button-ink', href: action.href }, action.label) : null,
  );
}

/**
 * A page whose subject is not there: it has a heading all the same.
 *
 * @param {Parameters<typeof emptyState>[0]} what
 */
export function missingState(what) {
  return h('div', null, h('h1', { class: 'unseen' }, what.title), emptyState(what));
}

/** @param {unknown} error @param {() => void} retry */
export function errorState(error, retry) {
  const offline = Problem.from(error).offline;
  return h(
    'div',
    { class: 'state', role: 'alert' },
    h('div', { class: 'state-icon' }, icon(offline ? 'offline' : 'warn')),
    h('p', { class: 'state-title' }, t(offline ? 'state.offline' : 'state.error')),
    h('p', { class: 'state-text' }, explain(error)),
    h('button', { type: 'button', class: 'button button-line', onclick: retry }, t('action.retry')),
  );
}

/**
 * Skeleton, then content or an error with a way to try again. Without a network it tries again by itself.
 *
 * @template T
 * @param {Element} host
 * @param {object} how
 * @param {AbortSignal} how.signal
 * @param {() => Node} how.skeleton
 * @param {(signal: AbortSignal) => Promise<T>} how.load
 * @param {(data: T) => Node|Node[]} how.show
 * @param {(problem: Problem) => Node|null} [how.failed] a better answer to some problems
 * @returns {Promise<void>} settled when something final is shown
 */
export async function present(host, how) {
  const { signal } = how;
  fill(host, how.skeleton());
  host.setAttribute('aria-busy', 'true');
  try {
    const data = await how.load(signal);
    if (signal.aborted) return;
    fill(host, how.show(data));
  } catch (error) {
    if (signal.aborted) return;
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    const attempt = new AbortController();
    const retry = () => {
      attempt.abort();
      return present(host, how);
    };
    fill(host, how.failed?.(problem) ?? errorState(problem, retry));
    if (problem.offline) {
      net.online.subscribe((online) => {
        if (online && !signal.aborted) retry();
      }, attempt.signal);
    }
  } finally {
    host.removeAttribute('aria-busy');
  }
}

/** @typedef {import('../core/names.js').Picture} Picture */

/**
 * @param {Picture|string|null|undefined} picture
 * @param {object} [options]
 * @param {string} [options.alt]
 * @param {boolean} [options.eager]
 * @param {string} [options.sizes] how wide it is shown, for the choice among its variants
 * @param {string} [options.class]
 */
export function tile(picture, { alt = '', eager = false, sizes = '320px', class: extra = '' } = {}) {
  const box = h('span', { class: `tile ${extra}`.trim() });
  const placeholder = () => fill(box, icon('picture'));
  if (!picture) {
    placeholder();
    return box;
  }
  const known =
    typeof picture === 'string' ? { url: picture, width: 640, height: 640, sources: [] } : picture;
  const srcset = known.sources.map(({ url, width }) => `${mediaPath(url)} ${width}w`).join(', ');
  box.append(
    h('img', {
      // Before the address: a browser starts to read as soon as it has one.
      sizes: srcset ? sizes : null,
      srcset: srcset || null,
      src: mediaPath(known.url),
      alt,
      width: known.width,
      height: known.height,
      decoding: 'async',
      loading: eager ? 'eager' : 'lazy',
      onerror: placeholder,
    }),
  );
  return box;
}
