import { icon } from '../../components/icon.js';
import { bone, emptyState, errorState, skeleton, times } from '../../components/states.js';
import { api, i18n, net, t } from '../../core/context.js';
import { define, fill, h, reconcile } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';
import { linked } from './mail-text.js';

/** @typedef {import('../../core/types.js').Mail} Mail */

const EVERY_MS = 4_000;

/** Mails of a demo server, which sends none. Somebody waits here for the verification link: it looks again by itself. */
class OutboxPage extends Page {
  #host = h('div');
  #list = h('ul', { class: 'mails', role: 'list' });
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** @override */
  connected() {
    this.replaceChildren(
      h(
        'div',
        { class: 'narrow' },
        h('h1', null, t('outbox.title')),
        h('p', { class: 'muted' }, t('outbox.text')),
        this.#host,
      ),
    );
    fill(
      this.#host,
      skeleton(
        h(
          'div',
          { class: 'stack' },
          times(3, () => bone('bone-block')),
        ),
      ),
    );
    this.signal.addEventListener('abort', () => clearTimeout(this.#timer));
    this.listen(document, 'visibilitychange', () => {
      if (!document.hidden) this.#read();
    });
    this.watch(net.online, (online) => {
      if (online) this.#read();
    });
    this.ready = this.#read();
  }

  async #read() {
    clearTimeout(this.#timer);
    const { signal } = this;
    try {
      this.#show(await api.get('/api/demo/outbox/', { signal }));
    } catch (error) {
      if (signal.aborted) return;
      const problem = Problem.from(error);
      if (problem.status === 404) {
        fill(this.#host, emptyState({ icon: 'mail', title: t('outbox.off'), text: t('outbox.off_text') }));
        return;
      }
      // Mails that are already shown stay; the next look may work.
      if (!this.#list.isConnected)
        fill(
          this.#host,
          errorState(problem, () => this.#read()),
        );
    }
    if (!document.hidden && !signal.aborted) this.#timer = setTimeout(() => this.#read(), EVERY_MS);
  }

  /** @param {Mail[]} mails */
  #show(mails) {
    if (mails.length === 0) {
      fill(
        this.#host,
        emptyState({
          icon: 'mail',
          title: t('outbox.empty'),
          text: t('outbox.empty_text'),
          action: { href: '/signup', label: t('signup.title') },
        }),
      );
      return;
    }
    reconcile(this.#list, mails, { key: (mail) => mail.id, create: (mail) => this.#mail(mail) });
    if (!this.#list.isConnected) fill(this.#host, this.#list);
  }

  /** @param {Mail} mail */
  #mail(mail) {
    const lang = i18n.lang.value;
    return h(
      'li',
      { class: 'panel mail' },
      h(
        'header',
        { class: 'mail-head' },
        icon('mail'),
        h('h2', null, mail.subject),
        h(
          'time',
          { class: 'muted small', datetime: mail.created_at, title: moment(mail.created_at, lang) },
          ago(mail.created_at, lang),
        ),
      ),
      h('p', { class: 'muted small' }, t('outbox.to', { to: mail.to })),
      h('p', { class: 'mail-text' }, linked(mail.text)),
    );
  }
}

define('page-outbox', OutboxPage);
