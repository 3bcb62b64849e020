import { field, input, select } from '../../components/form.js';
import { formDialog } from '../../components/form-dialog.js';
import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { CARRIERS, goodTracking, trackingOf } from './order-plan.js';
import { carrierName } from './order-status.js';

/** @typedef {import('../../core/types.js').Parcel} Parcel */

const OTHER = 'other';

/**
 * Who carries the parcel, and under which number.
 *
 * @template T
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.text
 * @param {string} options.submit
 * @param {Parcel|null} options.parcel what was given before
 * @param {(parcel: Parcel) => Promise<T>} options.send
 * @param {AbortSignal} options.signal
 * @returns {Promise<T|undefined>}
 */
export function askParcel({ title, text, submit, parcel, send, signal }) {
  const given = parcel?.carrier ?? '';
  const known = CARRIERS.has(given);
  const choice = field({
    label: t('order.ship.carrier'),
    control: select({ name: 'carrier', required: true, value: known ? given : given ? OTHER : '' }, [
      { value: '', label: t('order.ship.choose') },
      ...[...CARRIERS.keys()].map((value) => ({ value, label: carrierName(value) })),
      { value: OTHER, label: t('order.ship.other') },
    ]),
  });
  const name = field({
    label: t('order.ship.other_name'),
    control: input({ name: 'carrier-name', maxlength: 40, autocomplete: 'off', value: known ? '' : given }),
  });
  const tracking = field({
    label: t('order.ship.tracking'),
    hint: t('order.ship.tracking_hint'),
    control: input({
      name: 'tracking',
      required: true,
      maxlength: 40,
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      value: parcel?.tracking ?? '',
    }),
  });
  const other = () => choice.control.value === OTHER;
  const show = () => {
    name.element.hidden = !other();
    name.setError('');
  };
  choice.control.addEventListener('change', show);
  show();
  return formDialog({
    title,
    intro: h('p', { class: 'muted' }, text),
    fields: { carrier: choice, carrier_name: name, tracking },
    submit,
    signal,
    check: () => ({
      ...(other() && !name.control.value.trim() ? { carrier_name: t('said.required') } : {}),
      ...(goodTracking(trackingOf(tracking.control.value)) ? {} : { tracking: t('order.ship.bad_tracking') }),
    }),
    send: () =>
      send({
        carrier: other() ? name.control.value.trim() : choice.control.value,
        tracking: trackingOf(tracking.control.value),
      }),
  });
}
