import { posts, t, tn } from '../../core/context.js';
import { h } from '../../core/element.js';
import { framedPicture } from '../../core/names.js';
import { toSignin } from '../../core/navigation.js';
import { icon } from '../icon.js';
import { faceLink, personLink } from '../person.js';
import { bone, missingState, skeleton, tile } from '../states.js';
import { likeButton } from '../talk/like-button.js';

/** @typedef {import('../../core/style-types.js').Post} Post */

/** As wide as a card is. */
const CARD_SIZES = '(min-width: 1200px) 260px, (min-width: 768px) 32vw, 50vw';
/** No card is a strip or a tower, whatever its pictures are. */
const NARROWEST = 0.6;
const WIDEST = 1.6;

/** @param {number} ratio */
const near = (ratio) => Math.min(WIDEST, Math.max(NARROWEST, ratio > 0 ? ratio : 1));

/**
 * A post in a list: its first picture in a frame that has its shape before the picture is there, the first words,
 * who it is from, and a like.
 *
 * @param {Post} post its like is kept up to date
 * @param {{eager?: boolean, mark?: import('../../core/element.js').Child}} [options] mark: on the picture
 */
export function postCard(post, { eager = false, mark = null } = {}) {
  const { id, content, images, image_ratio: ratio, created_by: author } = post;
  const [first] = images;
  const by = t('style.picture_by', { name: author.profile_name });
  const words = content.trim();
  const href = `/style/posts/${id}`;
  return h(
    'article',
    { class: first ? 'post-card' : 'post-card post-card-words' },
    first
      ? h(
          'a',
          { class: 'post-link', href },
          h(
            'span',
            { class: 'post-frame', vars: { ratio: near(ratio).toFixed(4) } },
            tile(framedPicture(first, ratio), { alt: by, eager, sizes: CARD_SIZES }),
            images.length > 1
              ? h(
                  'span',
                  { class: 'post-many' },
                  icon('pictures'),
                  h('span', { 'aria-hidden': 'true' }, images.length),
                  h('span', { class: 'unseen' }, tn('style.pictures', images.length)),
                )
              : null,
            mark ? h('span', { class: 'post-mark' }, mark) : null,
          ),
          words ? h('span', { class: 'post-words' }, words) : null,
        )
      : h('a', { class: 'post-link post-only-words', href }, h('span', { class: 'post-words' }, words), mark),
    h(
      'div',
      { class: 'post-foot' },
      h('span', { class: 'post-author' }, faceLink(author), personLink(author)),
      postLike(post),
    ),
  );
}

/** @param {Post} post */
export function postLike(post) {
  return likeButton({
    path: `/api/styles/posts/${post.id}/like/`,
    state: post,
    onsignin: () => toSignin(),
    onchange: () => posts.tell(post.id, { liked: post.liked, num_likes: post.num_likes }),
    ongone: () => posts.tell(post.id, null),
  });
}

/** There is no such post, or none that one may see. */
export function missingPost() {
  return missingState({
    icon: 'style',
    title: t('post.missing'),
    text: t('post.missing_text'),
    action: { href: '/style', label: t('post.to_feed') },
  });
}

/** Different heights, as posts have them. */
const BONES = [0.8, 1, 0.75, 1.33, 0.8, 1, 0.8, 0.75, 1, 0.8];

/** @param {number} n */
export function postBones(n) {
  return skeleton(
    h(
      'div',
      { class: 'post-bones' },
      Array.from({ length: n }, (_, i) =>
        h(
          'div',
          { class: 'post-card' },
          h('span', { class: 'post-frame bone', vars: { ratio: BONES[i % BONES.length] } }),
          bone('w-80'),
          bone('w-40'),
        ),
      ),
    ),
  );
}
