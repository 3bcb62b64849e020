import { explain, i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { navigate } from '../../core/navigation.js';
import { Problem } from '../../core/problem.js';
import { withQuery } from '../../core/router.js';
import { notice } from '../form.js';
import { toast } from '../toast.js';
import { providerName } from './providers.js';

/**
 * What a provider's way back said, in words. Only sentences of the catalogue: anybody can write an address.
 *
 * @param {string} code
 */
function sentence(code) {
  const known = i18n.has(`error.${code}`) ? code : 'unknown';
  return explain(new Problem({ status: 400, code: known }));
}

/**
 * Says how a trip to a provider ended, on the page that it led back to: each page whose actions may lead to a
 * provider. Said once is enough, a reload must not say it again: the page stays for this change of its query.
 *
 * @param {string} path the page's
 * @param {URLSearchParams} query
 * @returns {{notice: HTMLElement|null, linked: boolean}} the notice is for the page's top; linked: all went well
 */
export function returned(path, query) {
  const linked = query.get('linked');
  const proved = query.get('proved');
  const failed = query.get('error');
  if (linked === null && proved === null && failed === null) return { notice: null, linked: false };
  if (linked !== null) toast(t('linked.done', { name: providerName(linked) }));
  else if (proved !== null) toast(t('reauth.proved'));
  navigate(`${path}${withQuery(query, { linked: null, proved: null, error: null, provider: null })}`, {
    replace: true,
  });
  return {
    notice:
      failed === null
        ? null
        : h('div', { class: 'returned', role: 'alert' }, notice('bad', sentence(failed))),
    linked: linked !== null && failed === null,
  };
}
