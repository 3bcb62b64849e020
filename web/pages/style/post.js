import '../../components/gallery.js';
import { moreMenu } from '../../components/friends/menu.js';
import { ask } from '../../components/dialog.js';
import { befriend, personEntries } from '../../components/friends/acts.js';
import { notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { faceLink, personLink } from '../../components/person.js';
import { richText } from '../../components/rich-text.js';
import { copyLink, share } from '../../components/share.js';
import { bone, present, skeleton } from '../../components/states.js';
import '../../components/style/comments.js';
import { followButton } from '../../components/style/follow-button.js';
import { likersDialog } from '../../components/style/people-dialog.js';
import { missingPost, postLike } from '../../components/style/post-card.js';
import { pictureTags, productStrip } from '../../components/style/products.js';
import { reportEntry } from '../../components/style/report.js';
import { toast } from '../../components/toast.js';
import { api, explain, friends, i18n, posts, session, t, tn } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { ago, moment, plain } from '../../core/format.js';
import { framedPicture } from '../../core/names.js';
import { navigate, toSignin } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';
import { withQuery } from '../../core/router.js';

/** @typedef {import('../../core/style-types.js').Post} Post */

/** As wide as the stage is: the whole of a phone, the left column of a desktop. */
const STAGE_SIZES = '(min-width: 1024px) 640px, 100vw';

/** @param {Post} post */
const titleOf = ({ created_by: author }) => t('post.by', { name: author.profile_name });

/** One post: its pictures with the articles on them, its words, and what others say. */
class PostPage extends Page {
  #comments = /** @type {import('../../components/style/comments.js').Comments} */ (h('rally-comments'));
  #said = h('span', { class: 'number' });
  /** @type {Post|null} */
  #post = null;

  /** @override */
  connected() {
    this.#post = null;
    const path = `/api/styles/posts/${this.params['id']}/`;
    const shown = present(this, {
      signal: this.signal,
      skeleton: () => postBones(),
      load: async (signal) => {
        const [post] = await Promise.all([api.get(path, { signal }), session.known()]);
        return /** @type {Post} */ (post);
      },
      show: (post) => this.#show(post),
      failed: (problem) => (problem.status === 404 ? this.#missing() : null),
    });
    // Further down stand the comments: whoever comes back may have been there.
    this.ready = shown.then(() => this.#comments.ready);
    friends.listen(({ event, user_id: user }) => {
      if ((event === 'blocked' || event === 'muted') && user === this.#post?.created_by.user_id)
        this.#leave();
    }, this.signal);
  }

  /** @override @param {URLSearchParams} query */
  update(query) {
    this.query = query;
    this.#toComments();
    return true;
  }

  #missing() {
    posts.tell(Number(this.params['id']), null);
    return missingPost();
  }

  /** @param {Post} post @returns {Node[]} */
  #show(post) {
    this.#post = post;
    const { id, num_likes, num_comments, content, edited_at, images, products } = post;
    posts.tell(id, { liked: post.liked, num_likes, num_comments, content, edited_at });
    const title = titleOf(post);
    this.setTitle(title);
    this.#comments.post = id;
    this.#comments.count = num_comments;
    this.#comments.onsignin = () => toSignin(location.pathname + withQuery(this.query, { comment: 'write' }));
    this.#comments.oncount = (count) => {
      posts.tell(id, { num_comments: count });
      this.#drawSaid(count);
    };
    this.#drawSaid(num_comments);
    queueMicrotask(() => this.#toComments());
    return [
      h(
        'article',
        { class: images.length > 0 ? 'post' : 'post post-plain' },
        h('h1', { class: 'unseen' }, title),
        images.length > 0 ? this.#stage(post) : null,
        h(
          'div',
          { class: 'post-side' },
          post.hidden ? notice('warn', t('post.hidden')) : null,
          this.#head(post),
          this.#acts(post),
          content
            ? h('p', { class: 'post-content' }, richText(content, { mentions: post.mentions, tags: true }))
            : null,
          products.length > 0
            ? h(
                'section',
                { class: 'post-section' },
                h('h2', null, tn('post.products_n', products.length)),
                productStrip(products),
              )
            : null,
          h('section', { class: 'post-section post-comments' }, this.#comments),
        ),
      ),
    ];
  }

  /** @param {number} count of comments */
  #drawSaid(count) {
    this.#said.textContent = count > 0 ? plain(count) : '';
  }

  /** @param {Post} post */
  #stage(post) {
    const { images, image_ratio: ratio, products } = post;
    const gallery = /** @type {import('../../components/gallery.js').Gallery} */ (h('rally-gallery'));
    gallery.images = images.map((url) => framedPicture(url, ratio));
    gallery.name = titleOf(post);
    gallery.label = t('post.pictures');
    gallery.ratio = ratio;
    gallery.sizes = STAGE_SIZES;
    gallery.dots = true;
    gallery.over = (index) => pictureTags(products, index);
    const stage = h('div', { class: 'post-stage', vars: { frame: ratio.toFixed(4) } }, gallery);
    if (!products.some(({ x }) => x != null)) return stage;
    const toggle = h(
      'button',
      {
        type: 'button',
        class: 'post-tags-toggle',
        'aria-pressed': 'false',
        onclick: () => {
          const open = stage.classList.toggle('has-labels');
          toggle.setAttribute('aria-pressed', String(open));
        },
      },
      icon('tag'),
      h('span', { class: 'unseen' }, t('post.show_tags')),
    );
    stage.append(toggle);
    return stage;
  }

  /** @param {Post} post */
  #head(post) {
    const { created_by: author, created_at: at, edited_at: edited } = post;
    const lang = i18n.lang.value;
    return h(
      'header',
      { class: 'post-head' },
      faceLink(author),
      h(
        'div',
        { class: 'post-who' },
        personLink(author),
        h(
          'span',
          { class: 'post-when' },
          h('time', { datetime: at, title: moment(at, lang) }, ago(at, lang)),
          edited ? h('span', { title: moment(edited, lang) }, t('reviews.edited')) : null,
        ),
      ),
      followButton(author),
      this.#menu(post),
    );
  }

  /** @param {Post} post */
  #menu(post) {
    const { id, created_by: author } = post;
    const mine = author.user_id === session.user?.id;
    /** @type {import('../../components/friends/menu.js').Entry} */
    const link = { label: t('post.copy'), icon: 'link', run: () => copyLink(this.#address) };
    /** @type {import('../../components/friends/menu.js').Entry} */
    const remove = { label: t('post.delete'), icon: 'trash', run: () => this.#delete(post) };
    return moreMenu({
      label: t('post.more'),
      entries: () => {
        if (mine) {
          return [
            link,
            { label: t('post.edit'), icon: 'edit', run: () => navigate(`/style/posts/${id}/edit`) },
            remove,
          ];
        }
        if (!session.user) return [link];
        return [
          link,
          { label: t('friends.add'), icon: 'plus', run: () => befriend(author) },
          ...personEntries(author, this.signal),
          reportEntry(`/api/styles/posts/${id}/`, this.signal),
          ...(session.user.is_staff ? [remove] : []),
        ];
      },
    });
  }

  /** @param {Post} post */
  #acts(post) {
    const likers = h('button', {
      type: 'button',
      class: 'link-button post-likers',
      onclick: () => (session.user ? likersDialog(`/api/styles/posts/${post.id}/`, this.signal) : toSignin()),
    });
    const drawLikers = () => {
      likers.hidden = post.num_likes === 0;
      likers.textContent = tn('style.likes', post.num_likes);
    };
    posts.listen(drawLikers, this.signal);
    drawLikers();
    return h(
      'div',
      { class: 'post-acts' },
      postLike(post),
      h(
        'button',
        { type: 'button', class: 'remark-action', onclick: () => this.#comments.write() },
        icon('comment'),
        h('span', { class: 'unseen' }, t('comments.title')),
        this.#said,
      ),
      h(
        'button',
        { type: 'button', class: 'remark-action', onclick: () => share(titleOf(post), this.#address) },
        icon('share'),
        h('span', { class: 'unseen' }, t('action.share')),
      ),
      likers,
    );
  }

  get #address() {
    return location.origin + location.pathname;
  }

  /** Back from signing in to write: the address said so, and need not say it for ever. */
  async #toComments() {
    if (this.query.get('comment') !== 'write') return;
    const { state } = await session.known();
    await this.#comments.ready;
    if (!this.isConnected || this.query.get('comment') !== 'write') return;
    if (state === 'signed-in') this.#comments.write();
    navigate(location.pathname + withQuery(this.query, { comment: null }), { replace: true });
  }

  /** @param {Post} post */
  async #delete({ id, num_comments: n, created_by: author }) {
    const mine = author.user_id === session.user?.id;
    const sure = await ask({
      title: t('post.delete_title'),
      text: [
        mine ? '' : t('reviews.delete_other'),
        n > 0 ? tn('post.delete_below', n) : '',
        t('reviews.delete_text'),
      ]
        .filter(Boolean)
        .join(' '),
      confirm: t('post.delete'),
      signal: this.signal,
    });
    if (!sure) return;
    try {
      await api.delete(`/api/styles/posts/${id}/`, { signal: this.signal });
      toast(t('reviews.deleted'));
    } catch (error) {
      if (this.signal.aborted) return;
      const problem = Problem.from(error);
      // Somebody was faster: what was asked for is done.
      if (problem.status !== 404) return toast(explain(problem), { bad: true });
    }
    posts.tell(id, null);
    this.#leave();
  }

  /** There is nothing here any more. */
  #leave() {
    if (this.#post) fill(this, this.#missing());
    navigate('/style', { replace: true });
  }
}

function postBones() {
  return skeleton(
    h(
      'div',
      { class: 'post' },
      h('div', { class: 'post-stage' }, bone('tile')),
      h(
        'div',
        { class: 'post-side' },
        h('div', { class: 'post-head' }, bone('portrait'), h('div', { class: 'post-who' }, bone('w-60'))),
        bone('w-80'),
        bone('w-60'),
        bone('bone-block'),
      ),
    ),
  );
}

define('page-post', PostPage);
