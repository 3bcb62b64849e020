import { api, explain, t } from '../../core/context.js';
import { h, uniqueId } from '../../core/element.js';
import { Problem } from '../../core/problem.js';
import { section } from '../accounts/section.js';
import { switchField } from '../accounts/switch.js';
import { segmented } from '../segmented.js';
import { bone, present, skeleton, times } from '../states.js';

/**
 * What reaches me, and who sees what I do.
 *
 * @typedef {import('../../core/types.js').InboxSettings} InboxSettings
 * @typedef {import('../../core/types.js').Audience} Audience
 */

const PATH = '/api/inbox/settings/';

const KINDS = /** @type {const} */ ([
  'bid_matched',
  'order_moved',
  'price_reached',
  'friend_request',
  'friend_accepted',
  'liked',
  'commented',
  'replied',
  'followed',
  'mentioned',
  'match_invited',
  'tournament_called',
  'tournament_won',
  'security',
]);

const ACTIVITIES = /** @type {const} */ (['trade', 'review', 'friendship', 'post', 'match', 'champion']);

/** @type {readonly Audience[]} */
const AUDIENCES = ['everyone', 'friends', 'nobody'];

/**
 * One change is one request: two at once don't meet, because what is left out stays.
 *
 * @param {import('../accounts/section.js').Section} part
 * @param {Partial<InboxSettings>} change
 * @returns {Promise<boolean>} false: it was not kept, and the section says why
 */
async function keep(part, change) {
  part.complain();
  try {
    await api.put(PATH, change);
    return true;
  } catch (error) {
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    part.complain(t('notify.not_saved', { reason: explain(problem) }));
    return false;
  }
}

/** @param {import('../accounts/section.js').Section} part @param {InboxSettings} settings */
function kinds(part, settings) {
  return KINDS.map((kind) => {
    const fixed = kind === 'security';
    const { element, set } = switchField({
      label: t(`notify.${kind}`),
      hint: t(`notify.${kind}_hint`),
      ...(fixed ? {} : { change: (checked) => keep(part, { kinds: { [kind]: checked } }) }),
    });
    set(fixed || settings.kinds[kind] !== false);
    return element;
  });
}

/**
 * @param {import('../accounts/section.js').Section} part
 * @param {(typeof ACTIVITIES)[number]} kind
 * @param {Audience} value
 */
function audience(part, kind, value) {
  const hintId = uniqueId('audience');
  let kept = value;
  let turn = Promise.resolve();
  const choice = segmented({
    legend: t(`audience.${kind}`),
    showLegend: true,
    value,
    options: AUDIENCES.map((name) => ({ value: name, label: t(`audience.${name}`) })),
    // One after the other: the last choice is the one that stays.
    onchange: (wanted) => {
      turn = turn.then(async () => {
        if (await keep(part, { audience: { [kind]: wanted } })) {
          kept = wanted;
          return;
        }
        for (const control of choice.querySelectorAll('input')) control.checked = control.value === kept;
      });
    },
  });
  choice.setAttribute('aria-describedby', hintId);
  choice.append(h('p', { class: 'field-hint', id: hintId }, t(`audience.${kind}_hint`)));
  return choice;
}

/** @param {number} n */
const bones = (n) =>
  skeleton(
    h(
      'div',
      { class: 'notify-bones' },
      times(n, () => bone('notify-bone')),
    ),
  );

/** @param {AbortSignal} signal of the page */
export function inboxSettings(signal) {
  const told = section({ id: 'notifications', title: t('notify.title'), text: t('notify.text') });
  const seen = section({ id: 'audience', title: t('audience.title'), text: t('audience.text') });
  const toldBody = h('div', { class: 'notify' });
  const seenBody = h('div', { class: 'audience' });
  told.draw(toldBody);
  seen.draw(seenBody);
  /** Both ask for the same, once. @type {Promise<InboxSettings>|null} */
  let asked = null;
  const load = () => {
    asked ??= api.get(PATH, { signal }).finally(() => (asked = null));
    return asked;
  };
  const ready = Promise.all([
    present(toldBody, {
      signal,
      skeleton: () => bones(KINDS.length),
      load,
      show: (settings) => kinds(told, settings),
    }),
    present(seenBody, {
      signal,
      skeleton: () => bones(ACTIVITIES.length),
      load,
      show: (settings) => ACTIVITIES.map((kind) => audience(seen, kind, settings.audience[kind] ?? 'nobody')),
    }),
  ]);
  return { elements: [told.element, seen.element], ready };
}
