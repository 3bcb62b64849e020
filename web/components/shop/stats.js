import { api, i18n, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h, uniqueId } from '../../core/element.js';
import { ago, won } from '../../core/format.js';
import { icon } from '../icon.js';
import { bone, skeleton, times } from '../states.js';

/** @typedef {import('../../core/types.js').Stats} Stats */
/** @typedef {'last'|'volume'|'span'|'average'|'volatility'|'premium'} Name */

/** @param {number} percent @param {boolean} [signed] */
function percentText(percent, signed = false) {
  return new Intl.NumberFormat(i18n.lang.value, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: signed ? 'exceptZero' : 'auto',
  }).format(percent / 100);
}

/** @param {number|null} low @param {number|null} high */
function between(low, high) {
  if (low === null || high === null) return '–';
  return low === high ? won(high) : t('chart.span', { low: won(low), high: won(high) });
}

/** @param {Stats} stats @returns {import('../../core/element.js').Child} */
function change({ change: by, change_pct: percent }) {
  if (by === null) return null;
  if (by === 0) return t('stats.unchanged');
  const size = won(Math.abs(by)) + (percent === null ? '' : ` (${percentText(Math.abs(percent))})`);
  return [
    h('span', { 'aria-hidden': 'true' }, by > 0 ? '▲ ' : '▼ '),
    h('span', { class: 'unseen' }, t(by > 0 ? 'stats.up' : 'stats.down')),
    size,
  ];
}

/**
 * How a size has been trading, in figures. What each of them means is said on demand.
 */
export class MarketStats extends RallyElement {
  #product = 0;
  #list = h('dl', { class: 'stats' });
  #note = h('p', { class: 'stats-note', id: uniqueId('stats'), hidden: true });
  #said = '';
  #reading = new AbortController();

  /** @override */
  connected() {
    this.signal.addEventListener('abort', () => this.#reading.abort());
    if (this.#product) this.#read();
  }

  /** @param {number} product */
  show(product) {
    if (product === this.#product) return;
    this.#product = product;
    if (this.isConnected) this.#read();
  }

  again() {
    if (this.isConnected && this.#product) this.#read();
  }

  async #read() {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    if (!this.#list.isConnected) {
      this.hidden = false;
      fill(
        this,
        skeleton(
          h(
            'div',
            { class: 'stats' },
            times(6, () => h('div', { class: 'stat' }, bone('w-40'), bone('w-60'))),
          ),
        ),
      );
    } else this.#list.classList.add('is-stale');
    try {
      const stats = await api.get(`/api/shop/products/${this.#product}/stats/`, { signal });
      if (!signal.aborted) this.#draw(stats);
    } catch {
      // The book and the chart say the same at greater length; the figures come back with the next trade.
      if (!signal.aborted) this.hidden = true;
    }
  }

  /** @param {Stats} stats */
  #draw(stats) {
    this.hidden = false;
    this.#list.classList.remove('is-stale');
    const money = (/** @type {number|null} */ amount) => (amount === null ? '–' : won(amount));
    const part = (/** @type {number|null} */ value, signed = false) =>
      value === null ? '–' : percentText(value, signed);
    const when = stats.last_trade_at ? ago(stats.last_trade_at, i18n.lang.value) : null;
    fill(
      this.#list,
      this.#stat('last', money(stats.last_price), [
        change(stats),
        when && stats.change !== null ? ' · ' : null,
        when,
      ]),
      this.#stat('volume', tn('stats.trades', stats.volume_90d)),
      this.#stat(
        'span',
        between(stats.low_90d, stats.high_90d),
        stats.high_all === null ? null : t('stats.ever', { span: between(stats.low_all, stats.high_all) }),
      ),
      this.#stat('average', money(stats.average_90d)),
      this.#stat('volatility', part(stats.volatility_90d)),
      this.#stat('premium', part(stats.premium_pct, true)),
    );
    if (!this.#list.isConnected) fill(this, this.#list, this.#note);
  }

  /**
   * @param {Name} name
   * @param {string} value
   * @param {import('../../core/element.js').Child} [more]
   */
  #stat(name, value, more) {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'stat-name',
        dataset: { stat: name },
        'aria-expanded': String(this.#said === name),
        'aria-controls': this.#note.id,
        onclick: () => this.#explain(name),
      },
      t(`stats.${name}`),
      icon('info'),
    );
    return h(
      'div',
      { class: 'stat' },
      h('dt', null, button),
      h('dd', null, h('span', { class: 'stat-value' }, value)),
      more ? h('dd', { class: 'stat-more' }, more) : null,
    );
  }

  /** @param {Name} name */
  #explain(name) {
    this.#said = this.#said === name ? '' : name;
    this.#note.hidden = this.#said === '';
    this.#note.textContent = this.#said === '' ? '' : t(`stats.${name}.text`);
    for (const button of this.#list.querySelectorAll('[data-stat]')) {
      button.setAttribute('aria-expanded', String(button.getAttribute('data-stat') === this.#said));
    }
  }
}

define('rally-stats', MarketStats);
