import { api, net, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { DEFAULT_RANGE, RANGES } from '../../core/chart.js';
import { won } from '../../core/format.js';
import { Problem } from '../../core/problem.js';
import { segmented } from '../segmented.js';
import { bone, emptyState, errorState, skeleton } from '../states.js';
import { chartDay, chartPlot, highLow } from './chart-plot.js';

/**
 * @typedef {import('../../core/types.js').Chart} Chart
 * @typedef {import('../../core/chart.js').Range} Range
 */

/**
 * What one size was traded at: a line of closes, the span of each day, how much, and the retail price. Its
 * height is the same whatever it shows, so that nothing below it moves.
 */
export class PriceChart extends RallyElement {
  /** @type {(range: Range) => void} */
  onrange = () => {};
  /** @type {Range} */
  #range = DEFAULT_RANGE;
  #product = 0;
  #choice = h('div', { class: 'chart-choice' });
  #stage = h('div', { class: 'chart-stage' });
  #legend = h('p', { class: 'chart-legend' });
  #table = h('details', { class: 'chart-table' });
  /** @type {ReturnType<typeof chartPlot>|null} */
  #plot = null;
  #reading = new AbortController();

  /** @override */
  connected() {
    this.#plot = chartPlot(this.signal);
    this.signal.addEventListener('abort', () => this.#reading.abort());
    this.replaceChildren(
      h('header', { class: 'chart-head' }, h('h2', null, t('chart.title')), this.#choice),
      this.#stage,
      this.#legend,
      this.#table,
    );
    this.#drawChoice();
    if (this.#product) this.#read();
    else this.#wait();
  }

  /** @param {number} product @param {Range} range */
  show(product, range) {
    const same = product === this.#product && range === this.#range;
    this.#product = product;
    this.#range = range;
    if (same || !this.isConnected) return;
    this.#drawChoice();
    this.#read();
  }

  /** Something was traded: the newest point is no longer true. */
  again() {
    if (this.isConnected && this.#product) this.#read();
  }

  #drawChoice() {
    const checked = this.#choice.querySelector('input:checked');
    if (checked instanceof HTMLInputElement && checked.value === this.#range) return;
    fill(
      this.#choice,
      segmented({
        legend: t('chart.range'),
        value: this.#range,
        options: RANGES.map((value) => ({ value, label: t(`chart.range.${value}`) })),
        onchange: (range) => this.onrange(range),
      }),
    );
  }

  #wait() {
    fill(this.#stage, skeleton(bone('chart-bone')));
  }

  async #read() {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    if (this.#plot?.element.isConnected) this.#stage.classList.add('is-stale');
    else this.#wait();
    try {
      const path = `/api/shop/products/${this.#product}/chart/?range=${this.#range}`;
      /** @type {Chart} */
      const chart = await api.get(path, { signal });
      if (!signal.aborted) this.#draw(chart);
    } catch (error) {
      if (!signal.aborted) this.#failed(Problem.from(error), signal);
    }
  }

  /** @param {Problem} problem @param {AbortSignal} signal */
  #failed(problem, signal) {
    if (problem.code === 'client.failure') reportError(problem);
    this.#stage.classList.remove('is-stale');
    this.#rest(null);
    fill(
      this.#stage,
      errorState(problem, () => this.#read()),
    );
    if (!problem.offline) return;
    net.online.subscribe((online) => {
      if (online) this.#read();
    }, signal);
  }

  /** @param {Chart} chart */
  #draw(chart) {
    this.#stage.classList.remove('is-stale');
    this.#rest(chart.points.length > 0 ? chart : null);
    if (chart.points.length === 0) {
      fill(this.#stage, this.#empty());
      return;
    }
    const plot = this.#plot;
    if (!plot) return;
    if (plot.element.parentElement !== this.#stage) fill(this.#stage, plot.element);
    const low = Math.min(...chart.points.map((point) => point.low));
    const high = Math.max(...chart.points.map((point) => point.high));
    plot.show(
      chart,
      t('chart.summary', {
        range: t(`chart.range.${this.#range}`),
        low: won(low),
        high: won(high),
      }),
    );
  }

  #empty() {
    const all = this.#range === 'all';
    const state = emptyState({
      icon: 'bid',
      title: t(all ? 'trades.empty' : 'chart.empty'),
      text: t(all ? 'trades.empty_text' : 'chart.empty_text'),
    });
    if (!all) {
      state.append(
        h(
          'button',
          { type: 'button', class: 'button button-line button-small', onclick: () => this.onrange('all') },
          t('chart.show_all'),
        ),
      );
    }
    return state;
  }

  /** What stands below the picture. @param {Chart|null} chart */
  #rest(chart) {
    this.#legend.hidden = chart === null;
    this.#table.hidden = chart === null;
    if (!chart) return;
    /** @param {string} name @param {string} text */
    const key = (name, text) =>
      h('span', { class: 'chart-key' }, h('span', { class: `chart-sign ${name}` }), text);
    fill(
      this.#legend,
      key('is-line', t('chart.close')),
      key('is-band', t('chart.high_low')),
      key('is-bar', t('chart.count')),
      chart.retail_price === null
        ? null
        : key('is-retail', t('chart.retail', { price: won(chart.retail_price) })),
    );
    this.#drawTable(chart);
  }

  /** The same in numbers, for those who don't see the picture and those who want them. @param {Chart} chart */
  #drawTable(chart) {
    const heads = [t('chart.day'), t('chart.close'), t('chart.high_low'), t('chart.count')];
    const rows = () =>
      h(
        'div',
        { class: 'chart-scroll', tabindex: '0', role: 'region', 'aria-label': t('chart.table') },
        h(
          'table',
          { class: 'trades' },
          h('caption', { class: 'unseen' }, t('chart.title')),
          h(
            'thead',
            null,
            h(
              'tr',
              null,
              heads.map((head, i) => h('th', { scope: 'col', class: i ? 'number' : '' }, head)),
            ),
          ),
          h(
            'tbody',
            null,
            [...chart.points]
              .reverse()
              .map((point) =>
                h(
                  'tr',
                  null,
                  h('td', null, chartDay(point.at)),
                  h('td', { class: 'number' }, won(point.price)),
                  h('td', { class: 'number' }, highLow(point)),
                  h('td', { class: 'number' }, tn('chart.volume', point.volume)),
                ),
              ),
          ),
        ),
      );
    const body = h('div');
    // Two hundred rows that hardly anybody opens are made when somebody does.
    const show = () => fill(body, this.#table.open ? rows() : null);
    this.#table.ontoggle = show;
    fill(this.#table, h('summary', null, t('chart.table')), body);
    show();
  }
}

define('rally-chart', PriceChart);
