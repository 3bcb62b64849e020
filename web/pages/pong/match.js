import '../../components/pong/court.js';
import { ask } from '../../components/dialog.js';
import { tried } from '../../components/friends/acts.js';
import {
  askedCover,
  asksCover,
  connectingCover,
  endingCover,
  goneCover,
  lostCover,
  othersAskCover,
  pausedCover,
  refusedCover,
  signedOutCover,
  takenCover,
  waitingCover,
} from '../../components/pong/duel-cover.js';
import { duelBones } from '../../components/pong/duel-bones.js';
import { duelHead, namesOf } from '../../components/pong/duel-head.js';
import { nothingCover, resultCover, resultTitle } from '../../components/pong/duel-result.js';
import { duelTools } from '../../components/pong/duel-tools.js';
import { share } from '../../components/share.js';
import { missingState, present } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, pong, session, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { navigate, toSignin } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { COURT_HEIGHT, COURT_WIDTH, PADDLE_HALF } from '../../pong/sim.js';
import { inPlay, situation } from '../../pong/situation.js';
import { Play } from './match-play.js';
import { Rematch } from './match-rematch.js';
import { matchSay } from './match-say.js';

/**
 * @typedef {import('../../core/pong-types.js').Match} Match
 * @typedef {import('../../components/pong/court.js').Court} Court
 * @typedef {import('../../components/pong/duel-cover.js').Cover} Cover
 * @typedef {import('../../pong/situation.js').Situation} Situation
 */

/** An invitation may be answered while the live connection is away. */
const POLL_MS = 5_000;
/** A longer wait is not counted down. */
const LONG_S = 60;
/** The result is written a moment after the last point. */
const RESULT_MS = [0, 400, 1_000, 2_000, 4_000];

/** One match: the invitation, the game, and what came of it. */
class MatchPage extends Page {
  /** @type {Match|null} */
  #match = null;
  /** @type {Play|null} */
  #play = null;
  /** @type {Rematch|null} */
  #rematch = null;
  #court = /** @type {Court} */ (h('rally-court'));
  #pad = h('div', { class: 'court-pad', hidden: true });
  /** @type {import('../../components/pong/duel-head.js').DuelHead|null} */
  #head = null;
  /** @type {ReturnType<typeof duelTools>|null} */
  #tools = null;
  /** @type {{key: string, cover: Cover|null}} */
  #cover = { key: '', cover: null };
  /** @type {Situation|null} */
  #now = null;
  #reading = false;
  /** @type {ReturnType<typeof matchSay>|null} */
  #say = null;

  /** @override */
  connected() {
    this.#match = null;
    this.#play = null;
    this.#cover = { key: '', cover: null };
    this.#now = null;
    this.ready = present(this, {
      signal: this.signal,
      skeleton: duelBones,
      load: async (signal) => {
        const [match] = await Promise.all([api.get(this.#path, { signal }), session.known()]);
        return /** @type {Match} */ (match);
      },
      show: (match) => this.#show(match),
      failed: (problem) =>
        problem.status === 404
          ? missingState({
              icon: 'pong',
              title: t('pong.game.missing'),
              text: t('pong.game.missing_text'),
              action: { href: '/pong', label: t('pong.game.to_lobby') },
            })
          : null,
    });
    this.watch(pong.stand, () => this.#told());
    this.listen(window, 'keydown', (event) => this.#key(event));
    // A phone was turned.
    this.listen(window, 'resize', () => {
      if (this.#play?.playing) this.#bringIntoView();
    });
    const poll = setInterval(() => {
      if (!document.hidden && this.#match?.state === 'invited') this.#read();
    }, POLL_MS);
    this.signal.addEventListener('abort', () => clearInterval(poll), { once: true });
  }

  get #path() {
    return `/api/pong/matches/${this.params['id']}/`;
  }

  /** How well it goes, for whoever looks into it. */
  get stats() {
    const game = this.#play?.game;
    if (!game) return null;
    const { clock, timeline } = game;
    const { rtt, lead, delay, jitter, rate, stalls } = clock;
    const { corrections, taken, passedOver } = timeline;
    return {
      situation: this.#now,
      rtt,
      lead,
      delay,
      jitter,
      rate,
      stalls,
      taken,
      passedOver,
      mine: game.mine,
      state: timeline.newest?.state ?? null,
      ...corrections,
    };
  }

  /** @param {Match} match @returns {Node} */
  #show(match) {
    const names = namesOf(match);
    const [a, b] = names;
    const title = t('pong.game.title', { a, b });
    this.setTitle(title);
    this.#match = match;
    this.#court.names = names;
    this.#head = duelHead(match);
    const stage = h('div', { class: 'duel-stage' }, this.#court, this.#pad);
    const play = new Play({
      id: match.id,
      court: this.#court,
      pad: this.#pad,
      onchange: () => this.#update(),
      onpicture: ({ score }) => this.#head?.score(score),
      onwake: () => toast(t('pong.game.slept')),
      signal: this.signal,
    });
    this.#play = play;
    this.#tools = duelTools({
      sound: play.sound,
      stage,
      onresign: () => this.#resign(),
      onshare: () => share(title, location.origin + location.pathname),
      signal: this.signal,
    });
    this.#say = matchSay(match, (words) => this.#court.say(words));
    this.#rematch = new Rematch({ onchange: () => this.#update(), signal: this.signal });
    this.#pad.replaceChildren(h('span', null, t('pong.game.pad')));
    queueMicrotask(() => this.#become(match));
    return h(
      'article',
      { class: 'duel' },
      h('h1', { class: 'unseen', tabindex: '-1' }, title),
      this.#head.node,
      stage,
      this.#tools.node,
    );
  }

  // What is known

  /** @param {Match} match as the server has it */
  #become(match) {
    this.#match = match;
    const live = match.state === 'open' || match.state === 'live';
    if (live) this.#play?.start();
    else this.#rest(match);
    this.#rematch?.follow(match);
    this.#update();
  }

  /** @param {Match} match that nobody plays: the court shows how it stands, and no ball */
  #rest({ score, watchers }) {
    this.#head?.score(score);
    this.#tools?.watchers(watchers);
    if (this.#play?.game.timeline.newest) return;
    this.#court.play([]);
    this.#court.draw(
      {
        x: -COURT_WIDTH,
        y: COURT_HEIGHT / 2,
        vx: 0,
        vy: 0,
        paddles: [COURT_HEIGHT / 2, COURT_HEIGHT / 2],
        half: PADDLE_HALF,
        score,
        hits: 0,
        hold: 0,
        gone: false,
        paused: false,
      },
      0,
    );
  }

  /** Reads the match again. @returns {Promise<void>} */
  async #read() {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const match = await api.get(this.#path, { signal: this.signal });
      if (!this.signal.aborted) this.#become(match);
    } catch {
      // What is shown stays; the next event, or the person, tries again.
    } finally {
      this.#reading = false;
    }
  }

  /** It is over: until the server has written down how. */
  async #readResult() {
    for (const delay of RESULT_MS) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      if (this.signal.aborted) return;
      await this.#read();
      const state = this.#match?.state;
      if (state === 'over' || state === 'void' || state === 'closed') return;
    }
  }

  /** Something about somebody's matches has changed. */
  #told() {
    if (this.#match?.state === 'invited') this.#read();
  }

  // What is shown

  #update() {
    const match = this.#match;
    const play = this.#play;
    if (!match || !play) return;
    const { timeline, ended, mine } = play.game;
    const snapshot = timeline.newest;
    const now = situation({ match, line: play.connection.state, snapshot, ended });
    if (snapshot && match.state !== 'over') {
      this.#head?.pings(now === 'lost' ? [null, null] : snapshot.pings);
      this.#tools?.watchers(snapshot.watchers);
    }
    if (now !== this.#now) this.#turn(now);
    const key = this.#keyOf(now);
    if (key !== this.#cover.key) {
      const cover = this.#coverOf(now);
      this.#cover = { key, cover };
      this.#court.show(cover?.node ?? null);
      this.#court.play(mine);
    }
    if (!snapshot) return;
    // Who plays alone has all the time in the world.
    this.#cover.cover?.wait(snapshot.wait > LONG_S ? 0 : snapshot.wait);
    this.#say?.snapshot(snapshot, now);
  }

  /** @param {Situation} now another one than before */
  #turn(now) {
    const before = this.#now;
    this.#now = now;
    const mine = this.#play?.game.mine ?? [];
    const playing = inPlay(now);
    this.#tools?.resign(playing && mine.length > 0);
    this.#tools?.hint(this.#hint(now));
    this.#pad.hidden = !(playing && mine.length > 0);
    this.classList.toggle('is-playing', playing);
    this.classList.toggle('is-mine', playing && mine.length > 0);
    if (now === 'ending') this.#readResult();
    if (now === 'gone') this.#read();
    if (now === 'over' && before && this.#match) this.#court.say(resultTitle(this.#match));
    if (playing && before !== 'paused' && mine.length > 0) {
      this.#bringIntoView();
      this.#knowLive();
    }
  }

  /** Nobody is told of a start: whoever leaves now is in a match, and not before one. */
  #knowLive() {
    const id = this.#match?.id;
    if (pong.stand.value.ready.some((call) => call.id === id && call.state === 'open')) pong.again();
  }

  #bringIntoView() {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#court.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
  }

  /** @param {Situation} now */
  #hint(now) {
    const match = this.#match;
    if (!match || (now !== 'playing' && now !== 'waiting' && now !== 'paused')) return '';
    return this.#play?.game.welcome?.role === 'watcher' ? t('pong.game.watching') : '';
  }

  /** What a cover is made of; with another one it is made anew. @param {Situation} now */
  #keyOf(now) {
    const snapshot = this.#play?.game.timeline.newest;
    switch (now) {
      case 'waiting':
      case 'paused':
        return `${now} ${snapshot?.here} ${snapshot?.ready} ${this.#play?.game.mine}`;
      case 'over':
        return `${now} ${this.#rematch?.wish}`;
      default:
        return now;
    }
  }

  /** @param {Situation} now @returns {Cover|null} */
  #coverOf(now) {
    const match = /** @type {Match} */ (this.#match);
    const play = /** @type {Play} */ (this.#play);
    const rematch = /** @type {Rematch} */ (this.#rematch);
    const snapshot = play.game.timeline.newest;
    const { mine } = play.game;
    switch (now) {
      case 'asked':
        return askedCover(match, () => this.#answer('cancel'));
      case 'asks':
        return asksCover(
          match,
          () => this.#answer('accept'),
          () => this.#answer('decline'),
        );
      case 'others_ask':
        return othersAskCover();
      case 'waiting':
        return snapshot && waitingCover(match, { ...snapshot, mine }, () => this.#ready());
      case 'paused':
        return pausedCover(this.#whoIsAway());
      case 'playing':
        return null;
      case 'connecting':
        return connectingCover();
      case 'lost':
        return lostCover(mine.length > 0);
      case 'taken':
        return takenCover(() => play.connection.open());
      case 'refused':
        return refusedCover(() => play.connection.open());
      case 'signed_out':
        return signedOutCover(() => toSignin());
      case 'gone':
        return goneCover();
      case 'ending':
        return endingCover();
      case 'over':
        return resultCover(match, rematch.wish, {
          rematch: () => rematch.ask(),
          decline: () => rematch.decline(),
          cancel: () => rematch.cancel(),
        });
      default:
        return nothingCover(match);
    }
  }

  /** @returns {string|undefined} the one whose connection is lost */
  #whoIsAway() {
    const here = this.#play?.game.timeline.newest?.here ?? [true, true];
    const match = /** @type {Match} */ (this.#match);
    const away = /** @type {const} */ ([0, 1]).filter((side) => !here[side]);
    const [side] = away;
    return away.length === 1 && side !== undefined ? namesOf(match)[side] : undefined;
  }

  // What is done

  #ready() {
    this.#play?.connection.ready();
  }

  /** @param {KeyboardEvent} event the court has no focus of its own: these keys are for whoever looks at it */
  #key(event) {
    if (this.#now !== 'waiting' || (event.code !== 'Space' && event.code !== 'Enter')) return;
    if (event.repeat || document.querySelector('dialog[open]')) return;
    if (event.target instanceof Element && event.target.closest('a, button, input, textarea, select')) return;
    const game = this.#play?.game;
    if (!game || game.mine.length === 0) return;
    event.preventDefault();
    this.#ready();
  }

  async #resign() {
    const sure = await ask({
      title: t('pong.game.resign_title'),
      text: t(this.#match?.mode === 'local' ? 'pong.game.resign_here' : 'pong.game.resign_text'),
      confirm: t('pong.game.resign'),
      keep: t('pong.game.play_on'),
      signal: this.signal,
    });
    if (!sure || this.signal.aborted) return;
    if (this.#play?.connection.state.name === 'open') this.#play.connection.resign();
    else await tried(async () => this.#become(await api.post(`${this.#path}forfeit/`)));
  }

  /** @param {'accept'|'decline'|'cancel'} how */
  async #answer(how) {
    const id = Number(this.params['id']);
    await tried(async () => {
      const match = await (how === 'accept'
        ? pong.accept(id)
        : how === 'decline'
          ? pong.decline(id)
          : pong.cancel(id));
      if (how === 'accept') this.#become(match);
      else await navigate('/pong');
    });
    // Somebody was faster, as a rule.
    if (this.#match?.state === 'invited') this.#read();
  }
}

define('page-pong-match', MatchPage);
