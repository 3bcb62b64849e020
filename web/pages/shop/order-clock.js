import { i18n, t } from '../../core/context.js';
import { RallyElement, define, h } from '../../core/element.js';
import { moment } from '../../core/format.js';
import { leftUntil, ticksIn } from './order-time.js';

/**
 * What is left until a moment. It counts on by itself; nobody has it read aloud each second.
 */
export class Countdown extends RallyElement {
  until = '';
  /** @type {() => void} */
  ondue = () => {};

  /** @override */
  connected() {
    this.setAttribute('role', 'timer');
    this.className = 'countdown number';
    this.title = moment(this.until, i18n.lang.value);
    const draw = () => {
      if (this.signal.aborted) return;
      const left = leftUntil(this.until, i18n.lang.value);
      this.textContent = left === null ? t('order.due_now') : t('order.left', { left });
      if (left === null) return this.ondue();
      setTimeout(draw, ticksIn(this.until));
    };
    draw();
  }
}

define('rally-countdown', Countdown);

/**
 * @param {string} until
 * @param {() => void} [ondue] once, when the time has come while one looks
 */
export function countdown(until, ondue = () => {}) {
  let told = Date.parse(until) <= Date.now();
  const element = /** @type {Countdown} */ (h('rally-countdown', { until }));
  element.ondue = () => {
    if (told) return;
    told = true;
    ondue();
  };
  return element;
}
