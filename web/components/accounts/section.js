import { explain } from '../../core/context.js';
import { fill, h, uniqueId } from '../../core/element.js';
import { Problem } from '../../core/problem.js';
import { notice } from '../form.js';

/**
 * A part of the settings: what it is about, how it stands, what can be done. What went wrong stays written
 * where it happened until the next attempt.
 *
 * @typedef {import('../../core/element.js').Child} Child
 *
 * @typedef {object} Section
 * @property {HTMLElement} element
 * @property {(...content: Child[]) => void} draw replaces what stands below the heading
 * @property {(badge: Child) => void} mark what stands next to the heading
 * @property {() => void} focus
 * @property {(...words: Child[]) => void} complain nothing removes the complaint
 * @property {<T>(button: HTMLElement|null, run: () => Promise<T>) => Promise<T|undefined>} attempt runs it with a busy
 *   button; undefined when it failed, which is written in the section
 */

/**
 * @param {object} options
 * @param {string} options.id for links and tests
 * @param {string} options.title
 * @param {Child} [options.text] what it is for
 * @returns {Section}
 */
export function section({ id, title, text }) {
  const headingId = uniqueId(id);
  const heading = h('h2', { id: headingId, tabindex: '-1' }, title);
  const badge = h('span', { class: 'section-badge' });
  const alert = h('div', { class: 'section-alert', role: 'alert' });
  const body = h('div', { class: 'section-body' });
  const element = h(
    'section',
    { id, class: 'panel setting', 'aria-labelledby': headingId },
    h('header', { class: 'setting-head' }, heading, badge),
    text ? h('p', { class: 'setting-text' }, text) : null,
    alert,
    body,
  );
  const focus = () => heading.focus({ preventScroll: true });
  /** @type {Section['complain']} */
  const complain = (...words) => fill(alert, words.length > 0 ? notice('bad', words) : null);
  let busy = false;
  return {
    element,
    focus,
    complain,
    mark: (sign) => fill(badge, sign),
    draw: (...content) => {
      const inside = body.contains(document.activeElement);
      fill(body, content);
      // Whoever was on a button that is gone goes on at the same part of the page.
      if (inside) focus();
    },
    attempt: async (button, run) => {
      if (busy) return undefined;
      busy = true;
      complain();
      button?.setAttribute('aria-busy', 'true');
      try {
        return await run();
      } catch (error) {
        if (Problem.from(error).code === 'client.failure') reportError(error);
        complain(explain(error));
        return undefined;
      } finally {
        busy = false;
        button?.removeAttribute('aria-busy');
      }
    },
  };
}

/**
 * @param {object} options
 * @param {string} options.label
 * @param {(button: HTMLButtonElement) => void} options.onclick
 * @param {'ink'|'line'|'accent'} [options.tone]
 * @param {string} [options.name] what is read aloud where the label alone says too little
 * @returns {HTMLButtonElement}
 */
export function smallButton({ label, onclick, tone = 'line', name }) {
  const button = h(
    'button',
    {
      type: 'button',
      class: `button button-${tone} button-small`,
      'aria-label': name,
      onclick: () => onclick(button),
    },
    label,
  );
  return button;
}

/** @param {...Child} buttons */
export function actions(...buttons) {
  return h('div', { class: 'setting-actions' }, buttons);
}
