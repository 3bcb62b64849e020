import { friends, t } from '../../core/context.js';
import { RallyElement, define, h } from '../../core/element.js';

/** Reads aloud that somebody asks to be a friend. Who comes and goes stays unsaid: that would never end. */
class Announcer extends RallyElement {
  /** @override */
  connected() {
    const words = h('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
    this.replaceChildren(words);
    friends.listen((news) => {
      if (news.event === 'request' && news.profile_name) {
        words.textContent = t('friends.asks_you', { name: news.profile_name });
      }
    }, this.signal);
  }
}

define('rally-friends-announcer', Announcer);
