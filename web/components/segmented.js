import { h, uniqueId } from '../core/element.js';

/**
 * One of a few: radio buttons that look like one control. Arrow keys, labels and the group's name come from
 * the browser.
 *
 * @template {string} T
 * @param {object} options
 * @param {string} options.legend
 * @param {{value: T, label: string}[]} options.options
 * @param {T} options.value
 * @param {(value: T) => void} options.onchange
 * @param {boolean} [options.showLegend]
 * @param {string} [options.class]
 * @returns {HTMLFieldSetElement}
 */
export function segmented({ legend, options, value, onchange, showLegend = false, class: extra = '' }) {
  const name = uniqueId('choice');
  return h(
    'fieldset',
    { class: `segmented ${extra}`.trim() },
    h('legend', { class: showLegend ? 'label' : 'unseen' }, legend),
    h(
      'div',
      { class: 'segmented-track' },
      options.map((option) =>
        h(
          'label',
          { class: 'segmented-option' },
          h('input', {
            type: 'radio',
            name,
            value: option.value,
            checked: option.value === value,
            onchange: () => onchange(option.value),
          }),
          h('span', null, option.label),
        ),
      ),
    ),
  );
}
