import { credentials, friends, i18n, session, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { currentRouter } from '../../core/navigation.js';
import { local } from '../../core/storage.js';
import { icon } from '../icon.js';
import { inviteSign } from '../pong/invite-button.js';
import { emptyState } from '../states.js';
import { requestsBadge } from './requests-badge.js';
import { roster } from './roster.js';

const KEY = 'rally.rail';
const AWAY = 20;
/** Where there is room for it at all, and where there is enough for it beside a page. */
const ROOM = '(min-width: 1200px)';
const PLENTY = '(min-width: 1440px)';

/**
 * Friends beside every page of a wide window. The pages leave room for it: `data-rail` of the document says
 * how much.
 */
export class Rail extends RallyElement {
  #room = matchMedia(ROOM);
  #plenty = matchMedia(PLENTY);
  #drawn = '';

  /** @override */
  connected() {
    this.watch(session.login, () => this.#draw());
    this.watch(currentRouter().url, () => this.#draw());
    this.watch(i18n.lang, () => this.#draw(true));
    this.watch(friends.people, () => this.#drawCount());
    this.listen(this.#room, 'change', () => this.#draw());
    this.listen(this.#plenty, 'change', () => this.#draw());
    this.#draw();
  }

  /** @returns {'none'|'closed'|'open'} */
  get #wanted() {
    const { state } = session.login.value;
    // Until the server has said who this is, the place is kept for whoever seems to be signed in.
    const somebody = state === 'signed-in' || (state === 'unknown' && credentials.likely);
    // The staff's desk needs the whole width for its tables.
    const desk = /^\/admin(\/|$)/.test(currentRouter().url.value.pathname);
    if (!somebody || desk || !this.#room.matches) return 'none';
    const kept = local.get(KEY);
    if (kept === 'open' || kept === 'closed') return kept;
    return this.#plenty.matches ? 'open' : 'closed';
  }

  /** @param {boolean} open */
  #turn(open) {
    local.set(KEY, open ? 'open' : 'closed');
    this.#draw();
    /** @type {HTMLElement|null} */ (this.querySelector('.rail-toggle'))?.focus();
  }

  /** @param {boolean} [anew] */
  #draw(anew = false) {
    const wanted = this.#wanted;
    document.documentElement.dataset['rail'] = wanted;
    const drawn = `${wanted} ${session.user?.id ?? ''}`;
    if (!anew && drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (wanted === 'none') return fill(this);
    const open = wanted === 'open';
    const toggle = h(
      'button',
      {
        type: 'button',
        class: 'icon-button rail-toggle',
        'aria-expanded': String(open),
        'aria-label': t(open ? 'friends.rail_close' : 'friends.rail_open'),
        onclick: () => this.#turn(!open),
      },
      icon(open ? 'next' : 'friends'),
    );
    const count = h('span', { class: 'rail-count' });
    if (!open) {
      fill(this, h('aside', { class: 'rail is-closed', 'aria-label': t('friends.title') }, toggle, count));
    } else {
      fill(
        this,
        h(
          'aside',
          { class: 'rail', 'aria-label': t('friends.title') },
          h(
            'header',
            { class: 'rail-head' },
            h('h2', null, h('a', { href: '/friends' }, t('friends.title'))),
            count,
            toggle,
          ),
          h(
            'nav',
            { class: 'rail-links', 'aria-label': t('friends.rail_links') },
            h('a', { href: '/friends/requests' }, t('friends.requests'), requestsBadge()),
            h('a', { href: '/friends/search' }, icon('plus'), t('friends.find')),
          ),
          session.user
            ? roster({
                away: AWAY,
                bones: 8,
                actions: inviteSign,
                empty: () =>
                  emptyState({
                    icon: 'friends',
                    title: t('friends.empty'),
                    text: t('friends.empty_rail'),
                    action: { href: '/friends/search', label: t('friends.find') },
                  }),
              })
            : null,
        ),
      );
    }
    this.#drawCount();
  }

  #drawCount() {
    const count = this.querySelector('.rail-count');
    if (!count) return;
    const n = [...friends.people.value.values()].filter((friend) => friend.online).length;
    const words = n > 0 ? tn('friends.online_count', n) : '';
    if (count.getAttribute('aria-label') === words) return;
    fill(
      count,
      n > 0 ? h('span', { class: 'presence presence-online', 'aria-hidden': 'true' }) : null,
      n || '',
    );
    if (words) {
      count.setAttribute('role', 'img');
      count.setAttribute('aria-label', words);
    } else {
      count.removeAttribute('role');
      count.removeAttribute('aria-label');
    }
  }
}

define('rally-rail', Rail);
