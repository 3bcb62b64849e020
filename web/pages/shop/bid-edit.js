import { openDialog } from '../../components/dialog.js';
import { notice } from '../../components/form.js';
import { priceField } from '../../components/shop/price-field.js';
import { quoteView } from '../../components/shop/quote.js';
import { expiryField } from '../../components/shop/trade-form.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { skeletonRows, present, tile } from '../../components/states.js';
import { api, explain, i18n, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { moment, won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { Problem } from '../../core/problem.js';
import { DEFAULT_EXPIRY, offLast, planTrade } from '../../core/trade.js';

/**
 * @typedef {import('../../core/types.js').Bid} Bid
 * @typedef {import('../../core/types.js').Book} Book
 * @typedef {import('../../core/types.js').Info} Info
 */

/** From this distance to the last trade on, the dialog says so. */
const NOTABLE_PERCENT = 10;

/**
 * What the bid is for: several may stand on one page.
 *
 * @param {Bid} bid
 */
function subject({ info, size, price, expires_at: end }) {
  const lang = i18n.lang.value;
  return h(
    'div',
    { class: 'trade-head bid-subject' },
    tile(info.image, { class: 'tile-small', eager: true }),
    h(
      'div',
      { class: 'trade-what' },
      h('strong', null, info.brand_name),
      h('span', null, articleName(info, lang)),
      h('span', { class: 'muted' }, tradedSize(size)),
      h('span', { class: 'muted' }, t('bids.stands', { price: won(price), date: moment(end, lang) })),
    ),
  );
}

/**
 * A longer life for a bid; price and place in the queue stay.
 *
 * @param {Bid} bid
 * @param {{path: string, signal: AbortSignal}} options
 * @returns {Promise<Bid|null|undefined>} as editBid
 */
export async function renewBid(bid, { path, signal }) {
  /** @type {Bid|null|undefined} */
  let outcome;
  let days = DEFAULT_EXPIRY;
  const alert = h('div', { role: 'alert' });
  const save = h('button', { type: 'submit', class: 'button button-ink button-wide' }, t('bids.renew_save'));
  const send = async () => {
    if (save.hasAttribute('aria-busy')) return;
    save.setAttribute('aria-busy', 'true');
    try {
      const reply = await api.patch(path, { expires_in_days: days });
      outcome = { ...bid, expires_at: reply.expires_at };
      dialog.close();
    } catch (error) {
      const problem = Problem.from(error);
      fill(alert, notice('bad', explain(problem)));
      if (problem.code === 'shop.bid_closed' || problem.status === 404) {
        outcome = null;
        save.disabled = true;
      }
    } finally {
      save.removeAttribute('aria-busy');
    }
  };
  const dialog = openDialog({
    title: t('bids.renew_title'),
    signal,
    body: h(
      'form',
      {
        class: 'stack',
        novalidate: true,
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          send();
        },
      },
      subject(bid),
      expiryField({ days, onchange: (value) => (days = value) }),
      h('p', { class: 'muted small' }, t('bids.renew_text')),
      alert,
      save,
    ),
  });
  await dialog.closed;
  return outcome;
}

/**
 * Another price or a longer life for a bid. A new price loses its place in the queue, so nothing is sent
 * before somebody says so.
 *
 * @param {Bid} bid
 * @param {{path: string, signal: AbortSignal}} options
 * @returns {Promise<Bid|null|undefined>} the bid as it stands now, null when it is gone, undefined when nothing changed
 */
export async function editBid(bid, { path, signal }) {
  /** @type {Bid|null|undefined} */
  let outcome;
  const life = new AbortController();
  const host = h('div');
  const dialog = openDialog({
    title: t('bids.edit_title'),
    class: 'dialog-trade',
    signal,
    body: [subject(bid), host],
  });
  present(host, {
    signal: life.signal,
    skeleton: () => skeletonRows(1),
    load: (asked) =>
      Promise.all([
        api.get(`/api/shop/productinfos/${bid.info.id}/`, { signal: asked }),
        api.get(`/api/shop/products/${bid.product}/book/`, { signal: asked }),
      ]),
    show: (/** @type {[Info, Book]} */ [info, book]) => editor(info, book),
  });

  /** @param {Info} info @param {Book} book */
  const editor = (info, book) => {
    const { tick } = info;
    let price = /** @type {number|null} */ (bid.price);
    /** Only sent when it was chosen. @type {number|null} */
    let days = null;
    let sure = false;
    let busy = false;
    const quote = quoteView({ product: bid.product, signal: life.signal });
    const alert = h('div', { role: 'alert' });
    const hint = h('div', { 'aria-live': 'polite' });
    const save = h('button', { type: 'submit', class: 'button button-ink button-wide' });

    const judge = () => {
      const plan = planTrade({ side: bid.type, now: false, typed: price, tick, book });
      sure = false;
      fill(alert);
      save.textContent = t('bids.save');
      save.disabled = plan.kind !== 'bid' || (price === bid.price && days === null);
      quote.update(bid.type, plan.kind === 'bid' ? plan.price : null);
      if (plan.kind === 'off-tick') fill(hint, notice('warn', t('trade.off_tick', { step: won(tick) })));
      else if (plan.kind === 'now') fill(hint, crossing(plan.price));
      else if (plan.kind === 'too-high') fill(hint, notice('bad', t('trade.too_high')));
      else fill(hint, price === bid.price ? null : [farOff(), notice('info', t('bids.priority'))]);
    };

    /** Far from the last trade, it will be asked again: better to know before. */
    const farOff = () => {
      const off = price === null ? null : offLast(price, book.last_trade?.price ?? null);
      if (off === null || Math.abs(off) < NOTABLE_PERCENT) return null;
      return notice('warn', t(off > 0 ? 'trade.above_last' : 'trade.below_last', { percent: Math.abs(off) }));
    };

    /** A price across the spread would be a trade: that is done on the article's page. @param {number} at */
    const crossing = (at) =>
      notice(
        'warn',
        t(bid.type === 'purchase' ? 'bids.crosses_buy' : 'bids.crosses_sell', { price: won(at) }),
        ' ',
        h(
          'a',
          { href: `/shop/${bid.info.id}?size=${encodeURIComponent(bid.size)}&trade=${bid.type}` },
          t('bids.trade_now'),
        ),
      );

    /** @param {Problem} problem */
    const refused = (problem) => {
      if (problem.code === 'shop.bid_closed' || problem.status === 404) {
        outcome = null;
        fill(host, notice('bad', explain(problem)));
      } else if (problem.code === 'shop.bid_crosses_book' && problem.price !== null) {
        fill(alert, crossing(problem.price));
      } else if (problem.code === 'shop.price_needs_confirmation' && price !== null) {
        sure = true;
        const last = problem.price === null ? '' : won(problem.price);
        fill(alert, notice('warn', t('trade.far', { price: won(price), last })));
        save.textContent = t('trade.sure_yes', { price: won(price) });
      } else {
        fill(alert, notice('bad', explain(problem)));
      }
    };

    const field = priceField({
      label: t(bid.type === 'purchase' ? 'trade.price.buy' : 'trade.price.sell'),
      tick,
      value: price,
      onchange: (value) => {
        price = value;
        judge();
      },
    });
    const form = h(
      'form',
      {
        class: 'stack',
        novalidate: true,
        onsubmit: async (/** @type {Event} */ event) => {
          event.preventDefault();
          if (busy || save.disabled) return;
          busy = true;
          save.setAttribute('aria-busy', 'true');
          try {
            const reply = await api.patch(path, {
              ...(price === bid.price ? {} : { price }),
              ...(days === null ? {} : { expires_in_days: days }),
              ...(sure ? { confirm: true } : {}),
            });
            outcome = { ...bid, price: reply.price, expires_at: reply.expires_at };
            dialog.close();
          } catch (error) {
            refused(Problem.from(error));
          } finally {
            busy = false;
            save.removeAttribute('aria-busy');
          }
        },
      },
      field.element,
      expiryField({
        days: null,
        onchange: (value) => {
          days = value;
          judge();
        },
      }),
      hint,
      quote.element,
      alert,
      save,
    );
    judge();
    return form;
  };

  await dialog.closed;
  life.abort();
  return outcome;
}
