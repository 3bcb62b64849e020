import { define } from '../../core/element.js';
import { Talk } from '../talk/talk.js';
import { reportEntry } from './report.js';
import { suggesting } from './suggest.js';

/** What people say about a post. Whoever is not signed in is invited instead. */
export class Comments extends Talk {
  post = 0;

  /** @override @returns {import('../talk/talk.js').Topic} */
  get topic() {
    return {
      base: '/api/styles',
      path: `/api/styles/posts/${this.post}/comments/`,
      draft: `rally.comment.${this.post}`,
      limit: 100,
      open: false,
      helper: (area) => suggesting(area, { tags: false }),
      entries: (path, signal) => [reportEntry(path, signal)],
      words: {
        title: 'comments.title',
        write: 'comments.write',
        placeholder: 'comments.placeholder',
        send: 'comments.send',
        sent: 'comments.sent',
        signin: 'comments.signin',
        signin_text: 'comments.signin_text',
        by: 'comments.by',
        delete_title: 'comments.delete_title',
        empty: 'comments.empty',
        empty_text: 'comments.empty_text',
      },
    };
  }
}

define('rally-comments', Comments);
