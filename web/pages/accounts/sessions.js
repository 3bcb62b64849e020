import { devicesSection } from '../../components/accounts/devices.js';
import { eventsSection } from '../../components/accounts/security-events.js';
import { sessionsSection } from '../../components/accounts/sessions.js';
import { myPage } from '../../components/my-nav.js';
import { t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { Page } from '../../core/page.js';

/** Where one is signed in, which devices are trusted, and what happened. */
class SessionsPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<any>|null} */
  #events = null;

  /** @override */
  connected() {
    const sessions = sessionsSection(this.signal);
    const devices = devicesSection(this.signal);
    const events = eventsSection(this.restored);
    this.#events = events.list;
    this.replaceChildren(
      myPage(
        'sessions',
        h('h1', null, t('sessions.title')),
        h('div', { class: 'settings-page' }, sessions.element, devices.element, events.element),
      ),
    );
    this.ready = Promise.all([sessions.ready(), devices.ready(), events.list.ready]);
  }

  /** @override */
  snapshot() {
    return this.#events?.state ?? null;
  }
}

define('page-sessions', SessionsPage);
