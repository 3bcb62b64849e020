import { openDialog } from '../../components/dialog.js';
import { notice } from '../../components/form.js';
import { api, explain, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { Intent } from '../../core/intent.js';
import { Problem } from '../../core/problem.js';
import { fact } from './order-money.js';
import { stale } from './order-step.js';

/**
 * @typedef {import('../../core/types.js').Order} Order
 * @typedef {import('../../core/types.js').Offer} Offer
 */

/** @param {Offer} offer what it costs on top of what was paid, or gives back */
export function difference(offer) {
  const amount = offer.difference ?? 0;
  if (amount === 0) return t('order.offer.same');
  return t(amount > 0 ? 'order.offer.more' : 'order.offer.less', { amount: won(Math.abs(amount)) });
}

/** @param {Offer} offer @param {number} paid */
export function offerFacts(offer, paid) {
  return h(
    'dl',
    { class: 'facts quote' },
    fact(t('quote.price'), offer.price === null ? '–' : won(offer.price)),
    fact(t('quote.fee'), offer.fee === null ? '–' : won(offer.fee)),
    fact(t('order.offer.paid'), `−${won(paid)}`),
    fact(t('order.offer.difference'), difference(offer), 'facts-sum'),
  );
}

/**
 * The next-best ask instead of the pair that failed. Nothing is bought at a price that was not on the screen.
 *
 * @param {Order} order
 * @param {AbortSignal} signal
 * @returns {Promise<Order|null>} the new order; null when nothing was bought
 */
export async function rebuy(order, signal) {
  /** @type {Order|null} */
  let bought = null;
  /** @type {Problem|null} */
  let moved = null;
  const intent = new Intent(api);
  const body = h('div', { class: 'stack' });
  const dialog = openDialog({ title: t('order.offer.title'), body, signal });
  const paid = order.total ?? order.price + order.fee;

  /** @param {Offer} offer @param {{doubt?: boolean, note?: Node|null}} [how] */
  const draw = (offer, { doubt = false, note = null } = {}) => {
    const { price } = offer;
    const go = h(
      'button',
      { type: 'button', class: 'button button-accent', disabled: price === null, onclick: () => send() },
      price === null ? t('order.offer.none') : t('trade.do_buy', { price: won(price) }),
    );
    const send = async () => {
      if (go.hasAttribute('aria-busy')) return;
      go.setAttribute('aria-busy', 'true');
      try {
        const sent = { expected_price: price, expected_fee: offer.fee, confirm: doubt };
        bought = await intent.post(`/api/shop/orders/${order.id}/rebuy/`, sent);
        dialog.close();
      } catch (error) {
        await refused(Problem.from(error), offer);
      } finally {
        go.removeAttribute('aria-busy');
      }
    };
    fill(
      body,
      h('p', { class: 'muted' }, t('order.offer.text')),
      h('div', { role: 'alert' }, note),
      offerFacts(offer, paid),
      h(
        'div',
        { class: 'dialog-actions' },
        h(
          'button',
          { type: 'button', class: 'button button-line', onclick: dialog.close },
          t('action.cancel'),
        ),
        go,
      ),
    );
  };

  /** @param {Problem} problem @param {Offer} offer */
  const refused = async (problem, offer) => {
    if (stale(problem)) {
      moved = problem;
      return dialog.close();
    }
    if (problem.code === 'shop.price_needs_confirmation' && offer.price !== null) {
      const last = problem.price === null ? '' : won(problem.price);
      const note = notice('warn', t('trade.far', { price: won(offer.price), last }));
      return draw(offer, { doubt: true, note });
    }
    const changed = problem.code === 'shop.price_moved' || problem.code === 'shop.fee_changed';
    let fresh = offer;
    if (changed || problem.code === 'shop.no_counter_bid') {
      const now = await api.get(`/api/shop/orders/${order.id}/`, { signal }).catch(() => null);
      fresh = now?.offer ?? offer;
    }
    draw(fresh, { note: notice(changed ? 'warn' : 'bad', explain(problem)) });
  };

  if (order.offer) draw(order.offer);
  await dialog.closed;
  if (moved) throw moved;
  return bought;
}
