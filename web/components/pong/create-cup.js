import { api, t } from '../../core/context.js';
import { formDialog } from '../form-dialog.js';
import { field, input, letters, select } from '../form.js';
import { chosenPoints, pointsChoice } from './choices.js';

/** @typedef {import('../../core/pong-types.js').Cup} Cup */

const SIZES = [4, 6, 8, 12, 16, 24, 32];
const LIMIT = 40;

/** @param {AbortSignal} signal @returns {Promise<Cup|undefined>} the new one */
export function createCup(signal) {
  const name = field({
    label: t('pong.cup_name'),
    control: input({ name: 'name', required: true, autocomplete: 'off', maxlength: 80 }),
    limit: LIMIT,
  });
  const size = field({
    label: t('pong.cup_size'),
    hint: t('pong.cup_size_hint'),
    control: select(
      { name: 'size', value: '8' },
      SIZES.map((n) => ({ value: String(n), label: t('pong.cup_people', { n }) })),
    ),
  });
  return formDialog({
    title: t('pong.cup_new'),
    fields: { name, size },
    more: pointsChoice(),
    submit: t('pong.cup_create'),
    signal,
    check: () => {
      const n = letters(name.control.value);
      return n === 0 || (n >= 2 && n <= LIMIT) ? {} : { name: t('pong.cup_name_length') };
    },
    send: () =>
      api.post('/api/pong/tournaments/', {
        name: name.control.value.trim(),
        size: Number(size.control.value),
        points: chosenPoints(),
      }),
  });
}
