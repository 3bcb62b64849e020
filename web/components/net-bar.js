import { live, net, session, t } from '../core/context.js';
import { RallyElement, define, fill, h } from '../core/element.js';
import { icon } from './icon.js';

const THANKS = 2_500;
/** A connection that comes back sooner was never missed. */
const PAUSE = 4_000;

/**
 * @typedef {'none'|'lost'|'back'|'paused'|'elsewhere'} BarState
 *
 * @typedef {object} Bar
 * @property {import('./icon.js').IconName} icon
 * @property {import('../core/i18n.js').MessageKey} text
 * @property {string} [class]
 * @property {import('../core/i18n.js').MessageKey} [action]
 * @property {() => void} [act]
 */

/** @type {Record<Exclude<BarState, 'none'>, Bar>} */
const BARS = {
  lost: { icon: 'offline', text: 'net.lost', action: 'action.retry', act: () => net.check() },
  back: { icon: 'check', text: 'net.back', class: 'net-bar-back' },
  paused: { icon: 'offline', text: 'net.paused', action: 'action.retry', act: () => live.hurry() },
  elsewhere: { icon: 'device', text: 'elsewhere.bar', action: 'elsewhere.use', act: () => live.useHere() },
};

/**
 * Says that the server is out of reach, that live updates are, or that they go to another device. While all is
 * well it isn't there; when it comes, nothing moves.
 */
export class NetBar extends RallyElement {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** The live connection is away for longer than nobody would notice. */
  #paused = false;
  #thanks = false;

  /** @override */
  connected() {
    this.setAttribute('role', 'status');
    this.watch(net.online, (online) => {
      this.#thanks = online;
      this.#wait();
      this.#show();
    });
    this.watch(live.state, () => {
      this.#wait();
      this.#show();
    });
    this.watch(live.seat, () => this.#show());
    this.watch(session.login, () => this.#show());
    this.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
    this.#wait();
    this.#show();
  }

  get #away() {
    return live.state.value === 'connecting' || live.state.value === 'waiting';
  }

  /** Starts the clock of what shows late, or goes by itself. */
  #wait() {
    if (!this.#away) this.#paused = false;
    clearTimeout(this.#timer);
    const running = this.#thanks || (this.#away && !this.#paused);
    if (!running) return;
    this.#timer = setTimeout(
      () => {
        this.#thanks = false;
        this.#paused = this.#away;
        this.#show();
      },
      this.#thanks && !this.#away ? THANKS : PAUSE,
    );
  }

  /** @returns {BarState} */
  get #state() {
    if (!net.online.value) return 'lost';
    const { state, later } = live.seat.value;
    if (state !== 'here' && later && session.user) return 'elsewhere';
    if (this.#paused) return 'paused';
    return this.#thanks ? 'back' : 'none';
  }

  #show() {
    const state = this.#state;
    if (this.dataset['state'] === state) return;
    this.dataset['state'] = state;
    if (state === 'none') return fill(this);
    const bar = BARS[state];
    fill(
      this,
      h(
        'div',
        { class: `net-bar ${bar.class ?? ''}`.trim() },
        icon(bar.icon),
        h('span', null, t(bar.text)),
        bar.action
          ? h('button', { type: 'button', class: 'net-again', onclick: bar.act }, t(bar.action))
          : null,
      ),
    );
  }
}

define('rally-net', NetBar);
