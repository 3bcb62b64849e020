import { emailSection } from '../../components/accounts/email-change.js';
import { linkedSection } from '../../components/accounts/linked-logins.js';
import { otpSection } from '../../components/accounts/otp.js';
import { passkeySection } from '../../components/accounts/passkeys.js';
import { passwordSection } from '../../components/accounts/password.js';
import { recoverySection } from '../../components/accounts/recovery-codes.js';
import { returned } from '../../components/accounts/returned.js';
import { myPage } from '../../components/my-nav.js';
import { bone, present, skeleton, times } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, explain, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { Page } from '../../core/page.js';
import { Store } from '../../core/store.js';

/** @typedef {import('../../core/types.js').Security} Security */

/** The ways into the account. */
class SecurityPage extends Page {
  /** @override */
  connected() {
    const host = h('div', { class: 'settings-page' });
    const back = returned('/my/security', this.query);
    this.replaceChildren(myPage('security', h('h1', null, t('security.title')), back.notice, host));
    const { signal } = this;
    this.ready = present(host, {
      signal,
      skeleton: () =>
        skeleton(
          h(
            'div',
            { class: 'settings-page' },
            times(4, () => bone('bone-setting')),
          ),
        ),
      load: (asked) => api.get('/api/accounts/security/', { signal: asked }),
      show: (/** @type {Security} */ first) => this.#sections(first),
    });
    if (back.linked) this.ready.then(() => this.querySelector('#linked')?.scrollIntoView());
  }

  /** @override @param {URLSearchParams} query */
  update(query) {
    this.query = query;
    return true;
  }

  /** @param {Security} first */
  #sections(first) {
    const { signal } = this;
    const status = new Store(first);
    /** @type {import('../../components/accounts/desk.js').Desk} */
    const desk = {
      status,
      signal,
      reload: async () => {
        try {
          status.set(await api.get('/api/accounts/security/', { signal }));
        } catch (error) {
          // What was asked for is done; only what the page shows is old.
          if (!signal.aborted) toast(explain(error), { bad: true });
        }
      },
    };
    return [
      passwordSection(desk),
      emailSection(desk),
      otpSection(desk),
      recoverySection(desk),
      passkeySection(desk),
      linkedSection(desk),
    ];
  }
}

define('page-security', SecurityPage);
