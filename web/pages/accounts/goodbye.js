import { authPage } from '../../components/auth-page.js';
import { i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { day } from '../../core/format.js';
import { Page } from '../../core/page.js';

/** After an account was left: until when it can be had back, and how. */
class GoodbyePage extends Page {
  /** @override */
  connected() {
    const until = this.query.get('until') ?? '';
    const known = /^\d{4}-\d{2}-\d{2}$/.test(until) && !Number.isNaN(Date.parse(until));
    this.replaceChildren(
      authPage(
        t('goodbye.title'),
        h(
          'p',
          { role: 'status' },
          known ? t('goodbye.until', { date: day(until, i18n.lang.value) }) : t('goodbye.text'),
        ),
        h('p', { class: 'muted' }, t('goodbye.after')),
        h('a', { class: 'button button-ink button-wide', href: '/signin' }, t('goodbye.back')),
        h('a', { class: 'button button-line button-wide', href: '/' }, t('missing.action')),
      ),
    );
  }
}

define('page-goodbye', GoodbyePage);
