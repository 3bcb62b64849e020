import { missingState } from '../../components/states.js';
import { t } from '../../core/context.js';
import { define } from '../../core/element.js';
import { Page } from '../../core/page.js';

/** An address that leads nowhere. */
class MissingPage extends Page {
  /** @override */
  connected() {
    this.replaceChildren(
      missingState({
        icon: 'search',
        title: t('missing.title'),
        text: t('missing.text'),
        action: { href: '/', label: t('missing.action') },
      }),
    );
  }
}

define('page-missing', MissingPage);
