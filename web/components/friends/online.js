import { credentials, friends, i18n, pong, session, t } from '../../core/context.js';
import { RallyElement, define, fill, h, reconcile } from '../../core/element.js';
import { inOrder } from '../../core/friends-state.js';
import { placeOfPerson } from '../../core/paths.js';
import { portrait } from '../portrait.js';
import { section } from '../section.js';
import { bone, skeleton, times } from '../states.js';
import { presenceDot, presenceWords, watchable } from './presence.js';

/** @typedef {import('../../core/friends-state.js').Friend} Friend */

const MOST = 24;

/** On the home page: who of my friends is here. Its height is the same with everybody and with nobody. */
class OnlineFriends extends RallyElement {
  #list = h('ul', { role: 'list', class: 'online-list' });
  #body = h('div', { class: 'online-body' });

  /** @override */
  connected() {
    this.watch(session.login, () => this.#draw());
    this.watch(i18n.lang, () => this.#draw());
    this.watch(friends.people, () => this.#drawPeople());
    this.watch(friends.reading, () => this.#drawPeople());
    this.watch(pong.stand, () => this.#drawPeople());
    this.#draw();
  }

  #draw() {
    const { state } = session.login.value;
    const somebody = state === 'signed-in' || (state === 'unknown' && credentials.likely);
    this.hidden = !somebody;
    if (!somebody) return fill(this);
    const title = t('friends.home');
    this.#list.setAttribute('aria-label', title);
    fill(this, section(title, '/friends', this.#body, { all: t('friends.title') }));
    this.#drawPeople();
    if (state === 'signed-in') friends.need();
  }

  #drawPeople() {
    if (this.hidden) return;
    const all = inOrder(friends.people.value);
    const online = all.filter((friend) => friend.online).slice(0, MOST);
    const { state } = friends.reading.value;
    if (online.length > 0) {
      reconcile(this.#list, online, {
        key: (friend) => {
          const { user_id: id, profile_name: name, image, status } = friend;
          return JSON.stringify([id, name, image, status, watchable(friend)]);
        },
        create: (friend) => this.#person(friend),
      });
      if (this.#list.parentElement !== this.#body) fill(this.#body, this.#list);
    } else if (state === 'ready' || state === 'failed') {
      const known = all.length > 0 || state === 'failed';
      fill(
        this.#body,
        h(
          'p',
          { class: 'online-nobody' },
          h('span', null, t(known ? 'friends.home_none' : 'friends.home_empty')),
          h('a', { class: 'button button-line button-small', href: '/friends/search' }, t('friends.find')),
        ),
      );
    } else if (!this.#body.querySelector('.skeleton')) {
      fill(
        this.#body,
        skeleton(
          h(
            'div',
            { class: 'online-list' },
            times(5, () => h('div', { class: 'online-person' }, bone('portrait'), bone('w-60'))),
          ),
        ),
      );
    }
  }

  /** @param {Friend} friend */
  #person(friend) {
    const { profile_name: name } = friend;
    const match = watchable(friend);
    const words = presenceWords(friend);
    return h(
      'li',
      null,
      h(
        'a',
        {
          class: 'online-person',
          href: match === null ? placeOfPerson(name) : `/pong/m/${match}`,
        },
        h('span', { class: 'person-face' }, portrait(friend), presenceDot(friend.status)),
        h('strong', { class: 'person-name' }, name),
        h('span', { class: 'person-note' }, match === null ? words : t('friends.watch')),
      ),
    );
  }
}

define('rally-online', OnlineFriends);

export function onlineFriends() {
  return h('rally-online');
}
