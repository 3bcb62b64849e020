import { api, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ask } from '../dialog.js';
import { toast } from '../toast.js';
import { dotted, entry, noEntries, timed, wholeList } from './entry.js';
import { providerName, usualFirst } from './providers.js';
import { withReauth } from './reauth.js';
import { section, smallButton } from './section.js';

/**
 * Logins of other sites that open this account: what is linked, and what can be.
 *
 * @typedef {import('../../core/types.js').Identity} Identity
 * @typedef {import('./desk.js').Desk} Desk
 * @typedef {{key: string, provider: string, identity: Identity|null}} Place
 */

const PROVIDERS = '/api/accounts/oauth/providers/';
const IDENTITIES = '/api/accounts/oauth/identities/';

/** @param {Desk} desk */
export function linkedSection(desk) {
  const part = section({ id: 'linked', title: t('linked.title'), text: t('linked.text') });
  /** @type {import('../infinite-list.js').InfiniteList<Place>} */
  const list = wholeList({
    path: IDENTITIES,
    load: places,
    label: t('linked.title'),
    key: (place) => place.key,
    row: (place) =>
      place.identity ? linked(desk, part, list, place.identity) : unlinked(part, place.provider),
    empty: () => noEntries(t('linked.empty')),
  });
  part.draw(list);
  return part.element;
}

/** @param {AbortSignal} signal @returns {Promise<Place[]>} */
async function places(signal) {
  const [providers, identities] = await Promise.all([
    api.get(PROVIDERS, { signal }),
    api.get(IDENTITIES, { signal }),
  ]);
  /** @type {Place[]} */
  const own = identities.results.map((/** @type {Identity} */ identity) => ({
    key: `identity-${identity.id}`,
    provider: identity.provider,
    identity,
  }));
  const free = providers.results
    .filter((/** @type {{name: string}} */ { name }) => !own.some(({ provider }) => provider === name))
    .map((/** @type {{name: string}} */ { name }) => ({
      key: `provider-${name}`,
      provider: name,
      identity: null,
    }));
  return usualFirst([...own, ...free], ({ provider }) => provider);
}

/** @param {import('./section.js').Section} part @param {string} provider */
function unlinked(part, provider) {
  const name = providerName(provider);
  return entry({
    icon: 'link',
    class: 'entry-tight',
    title: name,
    lines: [t('linked.not')],
    end: smallButton({
      label: t('linked.link'),
      name: t('linked.link_which', { name }),
      onclick: (button) =>
        part.attempt(button, async () => {
          const reply = await withReauth(() =>
            api.post(`/api/accounts/oauth/${encodeURIComponent(provider)}/link/`, { next: '/my/security' }),
          );
          if (reply !== undefined) location.assign(reply.url);
        }),
    }),
  });
}

/**
 * @param {Desk} desk
 * @param {import('./section.js').Section} part
 * @param {import('../infinite-list.js').InfiniteList<Place>} list
 * @param {Identity} identity
 */
function linked(desk, part, list, identity) {
  const name = providerName(identity.provider);
  return entry({
    icon: 'link',
    title: name,
    badge: h('span', { class: 'badge badge-good' }, t('linked.is')),
    lines: [
      identity.email,
      dotted(
        timed('linked.since', identity.created_at),
        identity.last_used_at ? timed('linked.used', identity.last_used_at) : null,
      ),
    ],
    end: smallButton({
      label: t('linked.unlink'),
      name: t('linked.unlink_which', { name }),
      onclick: async (button) => {
        const sure = await ask({
          keep: t('action.cancel'),
          title: t('linked.unlink_title', { name }),
          text: t('linked.unlink_text', { name }),
          confirm: t('linked.unlink_yes'),
          signal: desk.signal,
        });
        if (!sure) return;
        await part.attempt(button, async () => {
          const done = await withReauth(() => api.delete(`${IDENTITIES}${identity.id}/`));
          if (done === undefined) return;
          part.focus();
          toast(t('linked.unlinked', { name }));
          await Promise.all([list.again(), desk.reload()]);
        });
      },
    }),
  });
}
