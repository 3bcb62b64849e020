import '../../components/pong/court.js';
import { duelBones } from '../../components/pong/duel-bones.js';
import { duelHead, namesOf } from '../../components/pong/duel-head.js';
import { sign } from '../../components/pong/sign.js';
import { icon } from '../../components/icon.js';
import { segmented } from '../../components/segmented.js';
import { share } from '../../components/share.js';
import { missingState, present } from '../../components/states.js';
import { api, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { clock } from '../../core/pong-state.js';
import { Page } from '../../core/page.js';
import { Player } from '../../pong/player.js';
import { Recording } from '../../pong/recording.js';
import { TICKS_PER_SECOND } from '../../pong/sim.js';

/**
 * @typedef {import('../../core/pong-types.js').Match} Match
 * @typedef {import('../../components/pong/court.js').Court} Court
 * @typedef {import('../../pong/sim.js').Recorded & {complete: boolean}} Record
 */

const SPEEDS = /** @type {const} */ (['0.5', '1', '2', '4']);

/** @param {number} ticks */
const time = (ticks) => clock(ticks / TICKS_PER_SECOND);

/** A match that was played, to be watched again: nothing but its record, played by the rules of the game. */
class ReplayPage extends Page {
  #court = /** @type {Court} */ (h('rally-court'));
  #slider = h('input', { type: 'range', class: 'replay-slider', min: '0', step: '1' });
  #toggle = h('button', { type: 'button', class: 'button button-ink replay-toggle' });
  #time = h('span', { class: 'replay-time number' });
  /** @type {Player|null} */
  #player = null;
  /** @type {Recording|null} */
  #recording = null;
  /** @type {import('../../components/pong/duel-head.js').DuelHead|null} */
  #head = null;
  #shown = '';
  #drawing = 0;

  /** @override */
  connected() {
    const path = `/api/pong/matches/${this.params['id']}/`;
    this.ready = present(this, {
      signal: this.signal,
      skeleton: duelBones,
      load: async (signal) => {
        const [match, record] = await Promise.all([
          api.get(path, { signal }),
          api.get(`${path}replay/`, { signal }),
          session.known(),
        ]);
        return { match: /** @type {Match} */ (match), record: /** @type {Record} */ (record) };
      },
      show: (data) => this.#show(data),
      failed: (problem) => (problem.status === 404 ? this.#missing() : null),
    });
    this.listen(window, 'keydown', (event) => this.#key(event));
    this.signal.addEventListener('abort', () => cancelAnimationFrame(this.#drawing), { once: true });
  }

  #missing() {
    return missingState({
      icon: 'pong',
      title: t('pong.game.no_replay'),
      text: t('pong.game.no_replay_text'),
      action: { href: `/pong/m/${this.params['id']}`, label: t('pong.game.to_match') },
    });
  }

  /** @param {{match: Match, record: Record}} data */
  #show({ match, record }) {
    const [a, b] = namesOf(match);
    const title = t('pong.game.replay_title', { a, b });
    this.setTitle(title);
    const recording = new Recording(record);
    this.#recording = recording;
    this.#player = new Player(recording);
    this.#player.playing = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#court.names = [a, b];
    this.#court.play([]);
    this.#head = duelHead(match);
    this.#slider.max = String(recording.ticks);
    this.#slider.setAttribute('aria-label', t('pong.game.position'));
    this.#slider.addEventListener('input', () => this.#seek(Number(this.#slider.value)));
    this.#toggle.addEventListener('click', () => this.#play());
    queueMicrotask(() => this.#start());
    return h(
      'article',
      { class: 'duel' },
      h('h1', { class: 'unseen', tabindex: '-1' }, title),
      this.#head.node,
      h('div', { class: 'duel-stage' }, this.#court),
      this.#bar(title),
      record.complete ? null : h('p', { class: 'muted small' }, t('pong.game.incomplete')),
      this.#points(match),
      h(
        'p',
        { class: 'duel-back' },
        h('a', { class: 'back-link', href: `/pong/m/${match.id}` }, icon('back'), t('pong.game.to_match')),
      ),
    );
  }

  /** @param {string} title */
  #bar(title) {
    const recording = /** @type {Recording} */ (this.#recording);
    return h(
      'div',
      { class: 'replay-bar' },
      h(
        'div',
        { class: 'replay-track' },
        h(
          'div',
          { class: 'replay-marks', 'aria-hidden': 'true' },
          recording.points.map(({ tick, side }) =>
            h('span', {
              class: side === 0 ? 'is-left' : 'is-right',
              vars: { at: (tick / Math.max(1, recording.ticks)).toFixed(4) },
            }),
          ),
        ),
        this.#slider,
      ),
      h(
        'div',
        { class: 'replay-acts' },
        this.#step(-1),
        this.#toggle,
        this.#step(1),
        this.#time,
        segmented({
          legend: t('pong.game.speed'),
          class: 'replay-speed',
          options: SPEEDS.map((value) => ({ value, label: `${value}×` })),
          value: '1',
          onchange: (speed) => {
            if (this.#player) this.#player.speed = Number(speed);
          },
        }),
        h(
          'button',
          {
            type: 'button',
            class: 'icon-button',
            'aria-label': t('action.share'),
            onclick: () => share(title, location.origin + location.pathname),
          },
          icon('share'),
        ),
      ),
    );
  }

  /** @param {1|-1} by */
  #step(by) {
    const label = t(by > 0 ? 'pong.game.next_point' : 'pong.game.last_point');
    return h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': label,
        title: label,
        onclick: () => {
          this.#player?.skip(by);
          this.#court.forget();
        },
      },
      icon(by > 0 ? 'next' : 'back'),
    );
  }

  /** @param {Match} match */
  #points(match) {
    const recording = /** @type {Recording} */ (this.#recording);
    if (recording.points.length === 0) return null;
    const names = namesOf(match);
    return h(
      'section',
      { class: 'replay-points' },
      h('h2', null, t('pong.game.points')),
      h(
        'ol',
        { role: 'list' },
        recording.points.map(({ tick, side, score }, index) =>
          h(
            'li',
            null,
            h(
              'button',
              {
                type: 'button',
                class: `replay-point ${side === 0 ? 'is-left' : 'is-right'}`,
                onclick: () => {
                  this.#player?.toPoint(index);
                  this.#court.forget();
                },
              },
              h('span', { class: 'duel-swatch', 'aria-hidden': 'true' }),
              h('span', { class: 'unseen' }, t('pong.game.point_by', { name: names[side] })),
              h('strong', { class: 'number' }, `${score[0]}:${score[1]}`),
              h('span', { class: 'number' }, time(tick)),
            ),
          ),
        ),
      ),
    );
  }

  // In motion

  #start() {
    if (this.signal.aborted) return;
    this.#drawToggle();
    const draw = (/** @type {number} */ now) => {
      this.#drawing = requestAnimationFrame(draw);
      this.#picture(now);
    };
    this.#drawing = requestAnimationFrame(draw);
  }

  /** @param {number} now */
  #picture(now) {
    const player = this.#player;
    if (!player) return;
    if (player.run(now)) this.#drawToggle();
    const view = player.view();
    this.#court.draw(view, now);
    this.#head?.score(view.score);
    this.#tell(player.at, view.score);
  }

  /** @param {number} at @param {[number, number]} score */
  #tell(at, [left, right]) {
    const words = `${time(at)} ${left}:${right}`;
    this.#slider.value = String(Math.floor(at));
    if (words === this.#shown) return;
    this.#shown = words;
    const now = time(at);
    this.#slider.setAttribute('aria-valuetext', t('pong.game.position_at', { time: now, left, right }));
    this.#time.textContent = `${now} / ${time(this.#recording?.ticks ?? 0)}`;
  }

  /** @param {number} tick */
  #seek(tick) {
    this.#player?.seek(tick);
    this.#court.forget();
  }

  #play() {
    this.#player?.toggle();
    this.#drawToggle();
  }

  #drawToggle() {
    const playing = this.#player?.playing ?? false;
    fill(
      this.#toggle,
      playing ? sign('pause') : icon('play'),
      h('span', { class: 'unseen' }, t(playing ? 'pong.game.pause' : 'pong.game.play')),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const player = this.#player;
    if (!player || event.ctrlKey || event.metaKey || event.altKey) return;
    const inSlider = event.target === this.#slider;
    const inControl =
      event.target instanceof Element && event.target.closest('a, button, input, textarea, select');
    if (inControl && !inSlider) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.code === 'Space') this.#play();
    else if (event.code === 'ArrowLeft') this.#seek(player.at - TICKS_PER_SECOND);
    else if (event.code === 'ArrowRight') this.#seek(player.at + TICKS_PER_SECOND);
    else if (inSlider && event.code === 'PageUp') player.skip(1);
    else if (inSlider && event.code === 'PageDown') player.skip(-1);
    else return;
    event.preventDefault();
  }
}

define('page-pong-replay', ReplayPage);
