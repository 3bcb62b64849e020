import { tn } from '../../core/context.js';
import { RallyElement, define, h } from '../../core/element.js';
import { clock, secondsLeft } from '../../core/pong-state.js';

/** More seconds than that are told as minutes. */
const MANY = 90;

/** What is left until a moment, in seconds. It counts on by itself; nobody has it read aloud each second. */
class SecondsLeft extends RallyElement {
  until = '';

  /** @override */
  connected() {
    this.setAttribute('role', 'timer');
    this.className = 'number';
    const draw = () => {
      const left = secondsLeft(this.until);
      this.textContent = left > MANY ? clock(left) : tn('pong.seconds', left);
    };
    draw();
    const timer = setInterval(draw, 500);
    this.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
}

define('rally-seconds', SecondsLeft);

/** @param {string} until */
export const secondsTo = (until) => h('rally-seconds', { until });

/** How long something lasts by now. */
class Stopwatch extends RallyElement {
  since = '';

  /** @override */
  connected() {
    this.setAttribute('role', 'timer');
    this.className = 'number';
    const begin = Math.min(Date.parse(this.since) || Date.now(), Date.now());
    const draw = () => {
      this.textContent = clock((Date.now() - begin) / 1000);
    };
    draw();
    const timer = setInterval(draw, 500);
    this.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
}

define('rally-stopwatch', Stopwatch);

/** @param {string} since */
export const stopwatch = (since) => h('rally-stopwatch', { since });
