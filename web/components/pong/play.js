import { credentials, i18n, pong, pongFeed, session, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h, svg } from '../../core/element.js';
import { signinPath } from '../../core/paths.js';
import { icon } from '../icon.js';
import { placeOfMatch, playNow, startHere, stopLooking } from './acts.js';
import { readyWords } from './call-card.js';
import { chosenLevel, chosenPoints, levelChoice, pointsChoice } from './choices.js';
import { stopwatch } from './clock.js';
import { inviteDialog } from './invite-dialog.js';
import { rated } from './words.js';

/** The ways into a match: somebody of my strength, the robot, a friend, whoever sits beside me. */
class PlayPanel extends RallyElement {
  #quick = h('div', { class: 'play-quick' });
  #waiting = h('p', { class: 'play-waiting' });
  #said = h('p', { class: 'unseen', role: 'status' });
  #drawn = '';

  /** @override */
  connected() {
    this.#drawn = '';
    this.watch(pong.stand, () => this.#drawQuick());
    this.watch(session.login, () => this.#draw());
    this.watch(i18n.lang, () => this.#draw());
    pongFeed.follow(() => this.#drawWaiting(), this.signal);
    this.#draw();
  }

  get #somebody() {
    const { state } = session.login.value;
    return state === 'signed-in' || (state === 'unknown' && credentials.likely);
  }

  #draw() {
    const points = pointsChoice();
    fill(
      this,
      h(
        'section',
        { class: 'play', 'aria-label': t('pong.ways') },
        h('div', { class: 'play-stage' }, this.#quick, this.#said, court()),
        this.#somebody
          ? h(
              'div',
              { class: 'play-ways' },
              points,
              way('robot', t('pong.vs_robot'), t('pong.vs_robot_text'), levelChoice(), (pressed) =>
                startHere(pressed, { difficulty: chosenLevel() }, chosenPoints()),
              ),
              way('friends', t('pong.vs_friend'), t('pong.vs_friend_text'), null, () =>
                inviteDialog(this.signal),
              ),
              way('keyboard', t('pong.vs_here'), t('pong.vs_here_text'), null, (pressed) =>
                startHere(pressed, null, chosenPoints()),
              ),
            )
          : null,
      ),
    );
    this.#drawn = '';
    this.#drawQuick();
  }

  #drawWaiting() {
    const { queue } = pong.stand.value;
    const n = Math.max(0, (pongFeed.state.value?.waiting ?? queue.people) - (queue.waiting ? 1 : 0));
    this.#waiting.textContent = n > 0 ? tn('pong.people_waiting', n) : t('pong.quick_hint');
  }

  #drawQuick() {
    const { queue, ready } = pong.stand.value;
    const [match] = ready;
    const state = !this.#somebody ? 'stranger' : match ? 'ready' : queue.waiting ? 'looking' : 'idle';
    const now = JSON.stringify([state, match, queue.since, queue.window]);
    this.#drawWaiting();
    if (now === this.#drawn) return;
    const focused = this.#quick.contains(document.activeElement);
    this.#drawn = now;
    this.dataset['state'] = state;
    fill(this.#quick, this.#parts(state, match));
    this.#said.textContent = state === 'looking' ? t('pong.looking') : '';
    // The pressed button is gone: its successor takes over.
    if (focused) /** @type {HTMLElement|null} */ (this.#quick.querySelector('a, button'))?.focus();
  }

  /**
   * @param {'stranger'|'ready'|'looking'|'idle'} state
   * @param {import('../../core/pong-state.js').Call|undefined} match
   */
  #parts(state, match) {
    const { queue } = pong.stand.value;
    const words = match && readyWords(match);
    switch (state) {
      case 'stranger':
        return [
          h('h2', null, t('pong.quick_title')),
          h('p', { class: 'play-text' }, t('pong.signin_text')),
          h('a', { class: 'button button-accent play-now', href: signinPath('/pong') }, t('pong.signin')),
        ];
      case 'ready':
        return [
          h('h2', null, words?.title),
          h('p', { class: 'play-text' }, words?.note),
          h('a', { class: 'button button-accent play-now', href: placeOfMatch(match?.id ?? 0) }, words?.go),
        ];
      case 'looking':
        return [
          h('h2', null, t('pong.looking')),
          h('p', { class: 'play-clock' }, stopwatch(queue.since ?? '')),
          h(
            'p',
            { class: 'play-text' },
            queue.window === null ? t('pong.looking_text') : t('pong.window', { n: rated(queue.window) }),
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'button button-line play-now',
              'aria-label': t('pong.stop_looking'),
              onclick: () => stopLooking(),
            },
            t('action.cancel'),
          ),
          this.#waiting,
        ];
      default: {
        const button = h(
          'button',
          {
            type: 'button',
            class: 'button button-accent play-now',
            onclick: () => playNow(button, chosenPoints()),
          },
          icon('play'),
          t('pong.play_now'),
        );
        return [
          h('h2', null, t('pong.quick_title')),
          h('p', { class: 'play-text' }, t('pong.quick_text')),
          button,
          this.#waiting,
        ];
      }
    }
  }
}

define('rally-pong-play', PlayPanel);

export const playPanel = () => h('rally-pong-play');

/**
 * @param {import('../icon.js').IconName} sign
 * @param {string} title
 * @param {string} text
 * @param {HTMLElement|null} choice
 * @param {(button: HTMLButtonElement) => unknown} run
 */
function way(sign, title, text, choice, run) {
  const act = t(sign === 'friends' ? 'pong.choose_friend' : 'pong.start');
  const button = h(
    'button',
    {
      type: 'button',
      class: 'button button-line button-small',
      'aria-label': t('pong.act_on', { act, what: title }),
      onclick: () => run(button),
    },
    act,
  );
  return h(
    'div',
    { class: 'way' },
    h('span', { class: 'way-sign' }, icon(sign)),
    h('div', { class: 'way-main' }, h('h3', null, title), h('p', { class: 'muted small' }, text)),
    button,
    choice ? h('div', { class: 'way-choice' }, choice) : null,
  );
}

/** A court, for the eye only: while somebody is looked for, the ball moves. */
function court() {
  return svg(
    'svg',
    { class: 'play-court', viewBox: '0 0 160 90', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { class: 'court-net', d: 'M80 6V84' }),
    svg('rect', { class: 'court-paddle', x: '8', y: '30', width: '3', height: '17', rx: '1.5' }),
    svg('rect', { class: 'court-paddle', x: '149', y: '42', width: '3', height: '17', rx: '1.5' }),
    svg('circle', { class: 'court-ball', cx: '80', cy: '45', r: '2.6' }),
  );
}
