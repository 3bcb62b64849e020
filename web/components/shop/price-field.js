import { t } from '../../core/context.js';
import { h, uniqueId } from '../../core/element.js';
import { parsePrice, plain, won } from '../../core/format.js';
import { step } from '../../core/trade.js';
import { icon } from '../icon.js';

/**
 * A price in steps of the tick. It groups the digits while one types and keeps the caret where it was.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {number} options.tick
 * @param {number|null} options.value
 * @param {(price: number|null) => void} options.onchange
 */
export function priceField({ label, tick, value, onchange }) {
  const id = uniqueId('price');
  let price = value;
  const input = h('input', {
    id,
    class: 'price-input',
    inputmode: 'numeric',
    autocomplete: 'off',
    placeholder: t('trade.price.placeholder'),
    'aria-describedby': `${id}-hint`,
    maxlength: '15',
  });

  /** @param {number|null} next @param {boolean} [tell] */
  const set = (next, tell = true) => {
    price = next;
    input.value = next === null ? '' : plain(next);
    if (tell) onchange(price);
  };

  input.addEventListener('input', (event) => {
    // An IME is still composing: its text is not final.
    if (event instanceof InputEvent && event.isComposing) return;
    const behind = input.value.slice(input.selectionStart ?? 0).replace(/\D/g, '').length;
    set(parsePrice(input.value));
    let caret = input.value.length;
    for (let digits = behind; caret > 0 && digits > 0; caret -= 1) {
      if (/\d/.test(input.value[caret - 1] ?? '')) digits -= 1;
    }
    input.setSelectionRange(caret, caret);
  });
  input.addEventListener('compositionend', () => set(parsePrice(input.value)));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    set(step(price, tick, event.key === 'ArrowUp' ? 1 : -1));
  });

  /** @param {1|-1} direction */
  const stepper = (direction) =>
    h(
      'button',
      {
        type: 'button',
        class: 'stepper',
        'aria-label': t(direction > 0 ? 'trade.price.up' : 'trade.price.down', { step: won(tick) }),
        onclick: () => set(step(price, tick, direction)),
      },
      icon(direction > 0 ? 'plus' : 'minus'),
    );

  set(value, false);
  const element = h(
    'div',
    { class: 'field' },
    h('label', { class: 'label', for: id }, label),
    h(
      'div',
      { class: 'price-field' },
      stepper(-1),
      h('span', { class: 'price-sign', 'aria-hidden': 'true' }, '₩'),
      input,
      stepper(1),
    ),
    h('p', { class: 'field-hint', id: `${id}-hint` }, t('trade.price.tick', { step: won(tick) })),
  );
  return { element, input, set, get: () => price };
}
