import { api, session, t, tn } from '../../core/context.js';
import { completed, tokenAt } from '../../core/completion.js';
import { fill, h, uniqueId } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { portrait } from '../portrait.js';

/**
 * @typedef {import('../../core/completion.js').Token} Token
 * @typedef {{value: string, look: import('../../core/element.js').Child}} Choice
 */

/** One word from the keyboard to the next question. */
const PAUSE = 180;
const MOST = 6;

/** @param {Token} token @param {AbortSignal} signal @returns {Promise<Choice[]>} */
async function choicesFor({ sign, query }, signal) {
  const q = encodeURIComponent(query);
  if (sign === '@') {
    /** @type {{results: import('../../core/types.js').Person[]}} */
    const { results } = await api.get(`/api/friends/search/?q=${q}`, { signal });
    return results.slice(0, MOST).map((person) => ({
      value: person.profile_name,
      look: [portrait(person), h('span', { class: 'suggest-name' }, person.profile_name)],
    }));
  }
  /** @type {import('../../core/style-types.js').StyleFound} */
  const { tags } = await api.get(`/api/styles/search/?q=${q}`, { signal });
  return tags.slice(0, MOST).map(({ tag, num_posts: n }) => ({
    value: tag,
    look: [
      h('span', { class: 'suggest-name' }, `#${tag}`),
      h('span', { class: 'suggest-note', 'aria-hidden': 'true' }, plain(n)),
      h('span', { class: 'unseen' }, tn('style.posts', n)),
    ],
  }));
}

/**
 * Helps to write names and tags: what fits stands below the field, and arrows, Enter or a press choose.
 *
 * @param {HTMLTextAreaElement} area
 * @param {{tags?: boolean}} [how]
 * @returns {HTMLElement} stands in the area's place
 */
export function suggesting(area, { tags = true } = {}) {
  const id = uniqueId('suggest');
  const list = h('ul', {
    id,
    class: 'suggest',
    role: 'listbox',
    'aria-label': t('suggest.label'),
    hidden: true,
  });
  const said = h('span', { class: 'unseen', role: 'status' });
  /** @type {Choice[]} */
  let choices = [];
  /** @type {Token|null} */
  let token = null;
  let at = 0;
  let asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  const close = () => {
    clearTimeout(timer);
    asking.abort();
    choices = [];
    list.hidden = true;
    said.textContent = '';
    area.removeAttribute('aria-activedescendant');
  };
  /** @param {number} next */
  const mark = (next) => {
    at = next;
    for (const [i, option] of [...list.children].entries())
      option.setAttribute('aria-selected', String(i === at));
    area.setAttribute('aria-activedescendant', `${id}-${at}`);
  };
  /** @param {number} index */
  const take = (index) => {
    const choice = choices[index];
    if (!choice || !token) return;
    const { text, caret } = completed(area.value, token, choice.value);
    area.value = text;
    area.setSelectionRange(caret, caret);
    close();
    area.dispatchEvent(new Event('input', { bubbles: true }));
    area.focus();
  };
  const draw = () => {
    fill(
      list,
      choices.map(({ look }, index) =>
        h(
          'li',
          {
            id: `${id}-${index}`,
            class: 'suggest-choice',
            role: 'option',
            // The field keeps the focus, and with it a phone's keyboard.
            onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
            onclick: () => take(index),
          },
          look,
        ),
      ),
    );
    list.hidden = choices.length === 0;
    said.textContent = choices.length > 0 ? tn('suggest.found', choices.length) : '';
    if (choices.length > 0) mark(0);
  };
  const look = () => {
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    token = area.selectionStart === area.selectionEnd ? tokenAt(area.value, area.selectionStart) : null;
    if (!token?.query || (token.sign === '#' && !tags) || !session.user) return close();
    const wanted = token;
    timer = setTimeout(async () => {
      try {
        const found = await choicesFor(wanted, signal);
        if (signal.aborted) return;
        choices = found;
        draw();
      } catch {
        // A help, nothing more: one can write without it.
        if (!signal.aborted) close();
      }
    }, PAUSE);
  };

  // A field of several lines may not be a combobox: how many there are is said aloud instead.
  area.setAttribute('aria-autocomplete', 'list');
  area.setAttribute('aria-controls', id);
  area.addEventListener('input', look);
  area.addEventListener('click', look);
  area.addEventListener('blur', close);
  area.addEventListener('keydown', (event) => {
    if (list.hidden || event.isComposing) return;
    const last = choices.length - 1;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => mark(at === last ? 0 : at + 1),
      ArrowUp: () => mark(at === 0 ? last : at - 1),
      Enter: () => take(at),
      Tab: () => take(at),
      Escape: close,
    };
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  });
  return h('div', { class: 'suggesting' }, area, list, said);
}
