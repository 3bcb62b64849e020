import { providerName, usualFirst } from '../../components/accounts/providers.js';
import { icon } from '../../components/icon.js';
import { notice } from '../../components/form.js';
import { api, credentials, explain, session, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { available, prove } from '../../core/webauthn.js';

/** What this server offers doesn't change while it runs. @type {string[]|null} */
let offered = null;

/** @returns {Promise<string[]>} */
async function providers() {
  if (offered) return offered;
  const { results } = await api.get('/api/accounts/oauth/providers/');
  offered = results.map((/** @type {{name: string}} */ { name }) => name);
  return offered ?? [];
}

/** @param {string} name of a provider @param {string} next */
function providerLink(name, next) {
  return h(
    'a',
    {
      class: 'button button-line button-wide',
      // The server answers with the way to the provider: a navigation of the browser, not of the router.
      href: `/api/accounts/oauth/${encodeURIComponent(name)}/login/?next=${encodeURIComponent(next)}`,
      dataset: { provider: name },
      onclick: () => credentials.leave(),
      onauxclick: () => credentials.leave(),
    },
    t('signin.provider', { provider: providerName(name) }),
  );
}

/** @param {HTMLElement} alert @param {AbortSignal} signal */
function passkeyButton(alert, signal) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'button button-line button-wide',
      dataset: { passkey: '' },
      onclick: async () => {
        if (button.hasAttribute('aria-busy')) return;
        fill(alert);
        button.setAttribute('aria-busy', 'true');
        try {
          const reply = await prove(api, '/api/accounts/passkeys/login/', { signal });
          if (reply) session.accept(reply);
          else if (!signal.aborted) fill(alert, notice('info', t('passkey.gave_up')));
        } catch (error) {
          if (!signal.aborted) fill(alert, notice('bad', explain(error)));
        } finally {
          button.removeAttribute('aria-busy');
        }
      },
    },
    icon('key'),
    t('signin.passkey'),
  );
  return button;
}

/**
 * The ways to sign in that need no password here. They stand at the end of the page: nothing moves when the
 * server has said which there are.
 *
 * @param {string} next
 * @param {AbortSignal} signal
 */
export function otherWays(next, signal) {
  const alert = h('div', { class: 'form-alert', role: 'alert' });
  const list = h('div', { class: 'ways-list' }, available() ? passkeyButton(alert, signal) : null);
  const element = h(
    'div',
    { class: 'ways', hidden: list.childElementCount === 0 },
    h('p', { class: 'or' }, h('span', null, t('signin.or'))),
    list,
    alert,
  );
  providers().then(
    (names) => {
      list.append(...usualFirst(names, (name) => name).map((name) => providerLink(name, next)));
      element.hidden = list.childElementCount === 0;
    },
    // The password still works; whoever needs a provider sees that it is missing.
    () => {},
  );
  return element;
}
