import { exportSection } from '../../components/accounts/export.js';
import { leaveSection } from '../../components/accounts/leave.js';
import { returned } from '../../components/accounts/returned.js';
import { inboxSettings } from '../../components/inbox/settings.js';
import { myPage } from '../../components/my-nav.js';
import { settings } from '../../components/settings.js';
import { i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { LANGS } from '../../core/i18n.js';
import { Page } from '../../core/page.js';

/** Another language draws the page anew; whoever chose it goes on where they were. */
let chosen = false;

/** Language and theme, what one is told and what others see, one's data, the way out. */
class SettingsPage extends Page {
  /** @override */
  connected() {
    const looks = h(
      'section',
      { class: 'panel', id: 'looks' },
      h('h2', null, t('profile.looks')),
      settings(),
    );
    const { lang } = i18n;
    const told = inboxSettings(this.signal);
    this.listen(looks, 'change', ({ target }) => {
      chosen = target.value !== lang.value && LANGS.includes(target.value);
    });
    this.replaceChildren(
      myPage(
        'settings',
        h('h1', null, t('settings.title')),
        returned('/my/settings', this.query).notice,
        h(
          'div',
          { class: 'settings-page' },
          looks,
          told.elements,
          exportSection(),
          leaveSection(this.signal),
        ),
      ),
    );
    if (chosen) /** @type {HTMLElement|null} */ (looks.querySelector('input:checked'))?.focus();
    chosen = false;
    this.ready = told.ready.then(() => {
      const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
      if (named && this.contains(named)) named.scrollIntoView();
    });
  }

  /** @override @param {URLSearchParams} query */
  update(query) {
    this.query = query;
    return true;
  }
}

define('page-settings', SettingsPage);
