import { api, explain, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { Problem } from '../../core/problem.js';
import { MAX_PRICE, step } from '../../core/trade.js';
import { openDialog } from '../dialog.js';
import { notice } from '../form.js';
import { priceField } from './price-field.js';

/** @param {number|null} price @param {number} tick @returns {string} what is wrong with it; empty when nothing is */
function complaint(price, tick) {
  if (price === null || price <= 0) return t('article.target.missing');
  if (price > MAX_PRICE) return t('trade.too_high');
  return price % tick === 0 ? '' : t('trade.off_tick', { step: won(tick) });
}

/**
 * The price that a wish waits for.
 *
 * @param {object} options
 * @param {number} options.product
 * @param {number} options.tick
 * @param {number|null} options.ask what it costs now
 * @param {number|null} options.target what is set now
 * @param {AbortSignal} options.signal
 * @returns {Promise<number|null|undefined>} the new target, null without one; undefined: nothing was changed
 */
export async function askTarget({ product, tick, ask, target, signal }) {
  /** @type {number|null|undefined} */
  let outcome;
  const say = h('div', { class: 'form-alert', role: 'alert' });
  const hint = h('div', { class: 'trade-hint', 'aria-live': 'polite' });
  const price = priceField({
    label: t('article.target.label'),
    tick,
    value: target ?? (ask === null ? null : step(ask, tick, -1)),
    onchange: () => {
      fill(say);
      advise();
    },
  });
  const advise = () => {
    const wanted = price.get();
    const reached = wanted !== null && ask !== null && ask <= wanted && complaint(wanted, tick) === '';
    fill(hint, reached ? notice('info', t('article.target.reached', { price: won(ask) })) : null);
  };
  let busy = false;
  /** @param {HTMLElement} button @param {object} body @param {number|null} next */
  const send = async (button, body, next) => {
    if (busy) return;
    busy = true;
    button.setAttribute('aria-busy', 'true');
    try {
      await api.post(`/api/shop/products/${product}/wishes/`, body, { signal });
      outcome = next;
      dialog.close();
    } catch (error) {
      if (!signal.aborted) fill(say, notice('bad', explain(Problem.from(error))));
    } finally {
      busy = false;
      button.removeAttribute('aria-busy');
    }
  };
  const save = h('button', { type: 'submit', class: 'button button-ink' }, t('article.target.save'));
  const remove = h(
    'button',
    {
      type: 'button',
      class: 'button button-line',
      onclick: () => send(remove, { value: true, clear_target: true }, null),
    },
    t('article.target.remove'),
  );
  const dialog = openDialog({
    title: t('article.target'),
    class: 'dialog-small',
    signal,
    body: h(
      'form',
      {
        class: 'stack',
        novalidate: true,
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          const wanted = price.get();
          const wrong = complaint(wanted, tick);
          if (wrong) {
            fill(say, notice('bad', wrong));
            price.input.focus();
            return;
          }
          send(save, { value: true, target_price: wanted }, wanted);
        },
      },
      h('p', { class: 'muted' }, t('article.target.text')),
      h(
        'dl',
        { class: 'facts quote' },
        h(
          'div',
          null,
          h('dt', null, t('book.lowest_ask')),
          h('dd', { class: 'number' }, ask === null ? t('size.no_ask') : won(ask)),
        ),
      ),
      price.element,
      hint,
      say,
      h('div', { class: 'dialog-actions' }, target === null ? null : remove, save),
    ),
  });
  advise();
  price.input.focus();
  price.input.select();
  await dialog.closed;
  return outcome;
}
