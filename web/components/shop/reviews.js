import { define } from '../../core/element.js';
import { Talk } from '../talk/talk.js';

/** What people say about an article. */
export class Reviews extends Talk {
  info = 0;

  /** @override @returns {import('../talk/talk.js').Topic} */
  get topic() {
    return {
      base: '/api/shop',
      path: `/api/shop/productinfos/${this.info}/comments/`,
      draft: `rally.review.${this.info}`,
      limit: 500,
      open: true,
      words: {
        title: 'reviews.title',
        write: 'reviews.write',
        placeholder: 'reviews.placeholder',
        send: 'reviews.send',
        sent: 'reviews.sent',
        signin: 'reviews.signin',
        signin_text: 'reviews.signin_text',
        by: 'reviews.by',
        delete_title: 'reviews.delete_title',
        empty: 'reviews.empty',
        empty_text: 'reviews.empty_text',
      },
    };
  }
}

define('rally-reviews', Reviews);
