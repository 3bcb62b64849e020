import { relationButtons } from '../../components/friends/add-button.js';
import { personEntries, unmute } from '../../components/friends/acts.js';
import { moreMenu } from '../../components/friends/menu.js';
import { notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { typeTabs } from '../../components/my-nav.js';
import { askToPlay } from '../../components/pong/invite-button.js';
import { readStanding, standingLine } from '../../components/pong/standing.js';
import { portrait } from '../../components/portrait.js';
import { copyLink } from '../../components/share.js';
import { bone, emptyState, missingState, present, skeleton, times } from '../../components/states.js';
import { followButton } from '../../components/style/follow-button.js';
import { peopleDialog } from '../../components/style/people-dialog.js';
import { postList } from '../../components/style/post-list.js';
import { reportEntry } from '../../components/style/report.js';
import { api, friends, people, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { isFrame } from '../../core/friends.js';
import { applyFound } from '../../core/friends-state.js';
import { plain } from '../../core/format.js';
import { currentRouter, toSignin } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { placeOfPerson } from '../../core/paths.js';

/**
 * @typedef {import('../../core/style-types.js').StyleProfile} StyleProfile
 * @typedef {import('../../core/friends-state.js').Found} Found
 * @typedef {'posts'|'mentioned'|'liked'} Tab
 */

/** Somebody: who they are, whom they follow, and what they show. */
class PersonPage extends Page {
  /** @type {StyleProfile|null} */
  #profile = null;
  #tabs = h('div');
  #body = h('div', { class: 'feed' });
  #note = h('div', { class: 'profile-note' });
  #relation = h('div', { class: 'profile-relation' });
  #pong = h('div', { class: 'profile-pong' });
  #followers = h('strong', { class: 'number' });
  /** @type {ReturnType<typeof postList>|null} */
  #posts = null;

  get #mine() {
    return this.#profile !== null && this.#profile.user_id === session.user?.id;
  }

  /** @returns {Tab} */
  get #tab() {
    const tab = this.query.get('tab');
    if (tab === 'mentioned') return 'mentioned';
    return tab === 'liked' && this.#mine ? 'liked' : 'posts';
  }

  /** @override */
  connected() {
    this.#profile = null;
    this.#posts = null;
    const path = `/api/styles/people/${encodeURIComponent(this.params['name'] ?? '')}/`;
    const shown = present(this, {
      signal: this.signal,
      skeleton: profileBones,
      load: async (signal) => {
        const [profile] = await Promise.all([api.get(path, { signal }), session.known()]);
        return /** @type {StyleProfile} */ (profile);
      },
      show: (profile) => this.#show(profile),
      failed: (problem) => (problem.status === 404 ? missing() : null),
    });
    this.ready = shown.then(() => this.#posts?.list.ready);
    friends.listen((news) => this.#hear(news), this.signal);
    people.listen((changed) => {
      const now = changed.find(({ user_id: id }) => id === this.#profile?.user_id);
      if (!now || !this.#profile) return;
      this.#profile = { ...this.#profile, ...now };
      this.setTitle(now.profile_name);
      const href = placeOfPerson(now.profile_name) + location.search;
      currentRouter().readdress(href, { name: now.profile_name });
    }, this.signal);
  }

  /** @override */
  snapshot() {
    return this.#posts?.snapshot() ?? null;
  }

  /** @override @param {URLSearchParams} query */
  update(query) {
    this.query = query;
    if (!this.#profile) return false;
    this.#drawPosts(null);
    return true;
  }

  /** @param {import('../../core/friends.js').News} news */
  #hear(news) {
    const profile = this.#profile;
    if (!profile || news.user_id !== profile.user_id) return;
    if (news.event === 'blocked') {
      this.#profile = null;
      fill(this, missing());
    }
    if (news.event === 'muted' || news.event === 'unmuted') {
      this.#profile = { ...profile, muted: news.event === 'muted' };
      this.#drawNote();
      this.#drawPosts(null);
    }
  }

  /** @param {StyleProfile} read @returns {Node[]} */
  #show(read) {
    const profile = people.latest(read);
    this.#profile = profile;
    this.setTitle(profile.profile_name);
    this.#followers.textContent = plain(profile.num_followers);
    this.#drawNote();
    this.#drawPosts(this.restored);
    if (!this.#mine && session.user) this.#drawRelation(profile);
    this.#drawPong(profile);
    return [
      h(
        'header',
        { class: 'profile' },
        portrait(profile),
        h(
          'div',
          { class: 'profile-main' },
          h(
            'div',
            { class: 'profile-name' },
            h('h1', { dataset: { named: profile.user_id } }, profile.profile_name),
            this.#mine ? null : this.#menu(),
          ),
          this.#counts(profile),
          profile.introduction ? h('p', { class: 'profile-introduction' }, profile.introduction) : null,
          this.#pong,
          this.#acts(profile),
        ),
      ),
      this.#note,
      this.#tabs,
      this.#body,
    ];
  }

  /** @param {StyleProfile} profile */
  #counts({ user_id: id, num_posts: posts, num_followings: followings }) {
    /** @param {'followers'|'followings'} side */
    const open = (side) => () => {
      if (!session.user) return toSignin();
      peopleDialog({
        title: t(`person.${side}`),
        path: `/api/styles/profiles/${id}/${side}/`,
        person: (row) => (side === 'followers' ? row.from_profile : row.to_profile),
        empty: t(`person.${side}_empty`),
        signal: this.signal,
      });
    };
    /** @param {string} name @param {import('../../core/element.js').Child} value @param {() => void} [onclick] */
    const count = (name, value, onclick) =>
      h(
        'li',
        null,
        onclick
          ? h('button', { type: 'button', class: 'profile-count', onclick }, value, ' ', name)
          : h('span', { class: 'profile-count' }, value, ' ', name),
      );
    return h(
      'ul',
      { class: 'profile-counts', role: 'list' },
      count(t('person.posts'), h('strong', { class: 'number' }, plain(posts))),
      count(t('person.followers'), this.#followers, open('followers')),
      count(t('person.followings'), h('strong', { class: 'number' }, plain(followings)), open('followings')),
    );
  }

  /** @param {StyleProfile} profile */
  #acts(profile) {
    if (this.#mine) {
      return h(
        'div',
        { class: 'profile-acts' },
        h('a', { class: 'button button-line button-small', href: '/my/profile' }, t('person.edit')),
        h('a', { class: 'button button-ink button-small', href: '/style/new' }, icon('plus'), t('style.new')),
      );
    }
    let shown = profile.num_followers;
    let follows = profile.following === true;
    return h(
      'div',
      { class: 'profile-acts' },
      followButton(profile, {
        onchange: (following, said) => {
          if (said !== null) shown = said;
          else if (following !== follows) shown = Math.max(0, shown + (following ? 1 : -1));
          follows = following;
          this.#followers.textContent = plain(shown);
        },
      }),
      this.#relation,
      h(
        'button',
        {
          type: 'button',
          class: 'button button-line button-small',
          onclick: () => askToPlay(profile, this.signal),
        },
        icon('pong'),
        t('pong.play'),
      ),
    );
  }

  /** How they play, which leads to their matches. @param {StyleProfile} profile */
  async #drawPong({ user_id: id }) {
    const { signal } = this;
    const place = `/pong/history?user=${id}`;
    this.#pong.classList.toggle('is-mine', this.#mine);
    fill(this.#pong, h('a', { class: 'profile-play', href: place }, icon('pong'), bone('w-40')));
    try {
      const standing = await readStanding(id, signal);
      if (signal.aborted) return;
      fill(this.#pong, h('a', { class: 'profile-play', href: place }, icon('pong'), standingLine(standing)));
    } catch {
      // Who they are stands here without it.
      if (!signal.aborted)
        fill(this.#pong, h('a', { class: 'profile-play', href: place }, icon('pong'), t('pong.history')));
    }
  }

  /** What there is between me and them, as their search by name tells. @param {StyleProfile} profile */
  async #drawRelation({ user_id: id, profile_name: name }) {
    const { signal } = this;
    try {
      /** @type {{results: Found[]}} */
      const { results } = await api.get(`/api/friends/search/?q=${encodeURIComponent(name)}`, { signal });
      const found = results.find((each) => each.user_id === id);
      if (!found || signal.aborted) return;
      let current = found;
      const buttons = relationButtons(found, (next) => (current = next));
      friends.listen((news) => {
        if (isFrame(news)) buttons.set((current = applyFound(current, news)));
      }, signal);
      fill(this.#relation, buttons.element);
    } catch {
      // One can be friends from other pages, too.
    }
  }

  #menu() {
    return moreMenu({
      label: t('person.more'),
      entries: () => {
        const profile = this.#profile;
        if (!profile) return [];
        const path = `/api/styles/profiles/${profile.user_id}/`;
        /** @type {import('../../components/friends/menu.js').Entry} */
        const link = {
          label: t('post.copy'),
          icon: 'link',
          run: () => copyLink(location.origin + location.pathname),
        };
        if (!session.user) return [link];
        return [link, ...personEntries(profile, this.signal), reportEntry(path, this.signal)];
      },
    });
  }

  #drawNote() {
    const profile = this.#profile;
    fill(
      this.#note,
      profile?.muted
        ? notice(
            'info',
            t('mute.is'),
            ' ',
            h(
              'button',
              { type: 'button', class: 'link-button', onclick: () => unmute(profile) },
              t('mute.undo'),
            ),
          )
        : null,
    );
  }

  /** @param {any} restored */
  #drawPosts(restored) {
    const profile = this.#profile;
    if (!profile) return;
    const { user_id: id } = profile;
    const tab = this.#tab;
    const tabs = /** @type {Tab[]} */ (this.#mine ? ['posts', 'mentioned', 'liked'] : ['posts', 'mentioned']);
    fill(
      this.#tabs,
      typeTabs({
        label: t('person.tabs'),
        name: 'tab',
        path: location.pathname,
        value: tab === 'posts' ? '' : tab,
        options: tabs.map((each) => ({
          value: each === 'posts' ? '' : each,
          label: t(`person.tab.${each}`),
        })),
      }),
    );
    const queries = {
      posts: `type=default&user_id=${id}`,
      mentioned: `type=mentions&user_id=${id}`,
      liked: 'type=liked',
    };
    this.#posts = postList(
      {
        query: queries[tab],
        label: t(`person.tab.${tab}`),
        empty: () =>
          emptyState({
            icon: tab === 'liked' ? 'like' : 'style',
            title: t(`person.empty.${tab}`),
            ...(tab === 'posts' && this.#mine
              ? { action: { href: '/style/new', label: t('style.new') } }
              : {}),
          }),
      },
      this.signal,
      restored,
    );
    fill(this.#body, this.#posts.list);
  }
}

function missing() {
  return missingState({
    icon: 'person',
    title: t('person.missing'),
    text: t('person.missing_text'),
    action: { href: '/style', label: t('post.to_feed') },
  });
}

function profileBones() {
  return skeleton(
    h(
      'div',
      { class: 'profile' },
      bone('portrait'),
      h(
        'div',
        { class: 'profile-main' },
        times(3, () => bone('w-40')),
      ),
    ),
  );
}

define('page-person', PersonPage);
