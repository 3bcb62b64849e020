import { friends, t } from '../../core/context.js';
import { fill, h, play } from '../../core/element.js';
import { icon } from '../icon.js';
import { tried } from './acts.js';

/** @typedef {import('../../core/friends-state.js').Found} Found */

/**
 * What fits what there is between me and somebody: ask, take back, answer. It shows the new state at once, and
 * visibly goes back when the server refuses.
 *
 * @param {Found} start
 * @param {(found: Found) => void} [onchange]
 * @returns {{element: HTMLElement, set: (found: Found) => void}}
 */
export function relationButtons(start, onchange = () => {}) {
  let found = start;
  /** What is on its way; the next press waits for it. @type {Promise<unknown>} */
  let busy = Promise.resolve();
  const box = h('div', { class: 'relation' });
  const { profile_name: name } = start;

  /** @param {Partial<Found>} change */
  const become = (change) => {
    found = { ...found, ...change };
    draw();
    onchange(found);
  };

  /** @param {Partial<Found>} change shown at once @param {() => Promise<Partial<Found>|void>} act */
  const attempt = async (change, act) => {
    const before = found;
    await busy;
    become(change);
    const turn = tried(async () => {
      const more = await act();
      if (more) become(more);
    });
    busy = turn;
    if (await turn) return;
    become(before);
    play(box, 'shake');
  };

  const add = () =>
    attempt({ relation: 'outgoing', request: null }, async () => {
      const { id, status } = await friends.ask(found);
      return status === 'pending' ? { request: id } : { relation: 'friends', request: null };
    });
  const cancel = async () => {
    // Pressed before the answer: the number of the request comes with it.
    await busy;
    const { request } = found;
    if (found.relation !== 'outgoing' || request === null) return;
    await attempt({ relation: 'none', request: null }, () => friends.cancel(request));
  };
  const accept = () => {
    const { request } = found;
    if (request === null) return;
    attempt({ relation: 'friends', request: null }, () => friends.accept(request, found));
  };
  const decline = () => {
    const { request } = found;
    if (request === null) return;
    attempt({ relation: 'none', request: null }, () => friends.decline(request, found));
  };

  /**
   * @param {'friends.add'|'friends.cancel'|'friends.accept'|'friends.decline'} key
   * @param {() => unknown} run
   * @param {boolean} [strong]
   */
  const button = (key, run, strong = false) =>
    h(
      'button',
      {
        type: 'button',
        class: `button button-small ${strong ? 'button-ink' : 'button-line'}`,
        'aria-label': t('friends.of', { act: t(key), name }),
        onclick: run,
      },
      t(key),
    );

  const draw = () => {
    const focused = box.contains(document.activeElement);
    fill(box, fitting());
    // The pressed button is gone: its successor takes over.
    if (focused) /** @type {HTMLElement|null} */ (box.querySelector('button, [tabindex]'))?.focus();
  };
  const fitting = () => {
    switch (found.relation) {
      case 'friends':
        return h('span', { class: 'relation-is', tabindex: '-1' }, icon('check'), t('friends.are'));
      case 'incoming':
        return [button('friends.decline', decline), button('friends.accept', accept, true)];
      case 'outgoing':
        return button('friends.cancel', cancel);
      default:
        return button('friends.add', add, true);
    }
  };
  draw();
  return {
    element: box,
    /** What was told from elsewhere. @param {Found} next */
    set: (next) => {
      if (next.relation === found.relation && next.request === found.request) return;
      found = next;
      draw();
    },
  };
}
