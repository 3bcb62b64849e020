import { t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { Renderer } from '../../pong/render.js';
import { SERVE_HOLD } from '../../pong/sim.js';
import { Countdown } from '../../pong/situation.js';

/**
 * The court, what lies over it, and what of it is read aloud: scores and turns of the match, not each hit.
 *
 * @typedef {import('../../pong/timeline.js').View} View
 * @typedef {Pick<View, 'x'|'y'|'vx'|'vy'|'paddles'|'half'|'score'|'hits'|'hold'|'gone'|'paused'>} Shown
 */

export class Court extends RallyElement {
  /** Names of both sides. @type {[string, string]} */
  names = ['', ''];
  field = h('div', { class: 'court-field' });
  cover = h('div', { class: 'court-cover', hidden: true });
  #canvas = h('canvas', { class: 'court-canvas', role: 'img' });
  #spoken = h('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  #renderer = new Renderer(this.#canvas);
  #countdown = new Countdown();
  #score = '';

  /** @override */
  connected() {
    fill(this.field, this.#canvas);
    fill(this, this.field, this.cover, this.#spoken);
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    this.#renderer.calm = calm.matches;
    this.listen(calm, 'change', () => (this.#renderer.calm = calm.matches));
    this.#renderer.follow(this.signal);
  }

  /** @param {import('../../pong/sim.js').Side[]} mine */
  play(mine) {
    const own = mine.length === 1 ? mine[0] : undefined;
    const [left, right] = this.names;
    this.#renderer.mine = mine;
    this.#renderer.words = {
      names: [own === 0 ? t('pong.game.you') : left, own === 1 ? t('pong.game.you') : right],
      rally: (hits) => tn('pong.game.rally', hits),
    };
  }

  /** What comes next has nothing to do with what was shown. */
  forget() {
    this.#countdown = new Countdown();
    this.#renderer.forget();
  }

  /**
   * @param {Shown} view
   * @param {number} now milliseconds
   * @param {boolean} [running] false: the ball rests because nobody plays
   */
  draw(view, now, running = true) {
    const countdown = running && !view.paused ? this.#countdown.read(view.hold, SERVE_HOLD) : null;
    this.#renderer.draw({ ...view, countdown }, now);
    this.#name(view.score);
  }

  /** @param {[number, number]} score */
  #name([left, right]) {
    const score = `${left}:${right}`;
    if (score === this.#score) return;
    this.#score = score;
    const [a, b] = this.names;
    this.#canvas.setAttribute('aria-label', t('pong.game.court', { a, b, left, right }));
  }

  /** @param {string} words read aloud */
  say(words) {
    if (this.#spoken.textContent !== words) this.#spoken.textContent = words;
  }

  /** @param {Node|null} content that lies over the court, or beneath it where that is small */
  show(content) {
    const inside = this.cover.contains(document.activeElement);
    this.cover.hidden = content === null;
    fill(this.cover, content);
    this.classList.toggle('is-covered', content !== null);
    // Whoever was in it goes on in what took its place.
    if (inside)
      /** @type {HTMLElement|null} */ (this.cover.querySelector('button:not(:disabled), a'))?.focus();
  }
}

define('rally-court', Court);
