import { meta, t } from '../../core/context.js';
import { h } from '../../core/element.js';

/** Where the mail is found: in the inbox, or on the page that shows the demo's mails. */
export function whereMailIs() {
  return meta.value?.demo ? h('p', null, h('a', { href: '/outbox' }, t('signup.outbox'))) : null;
}
