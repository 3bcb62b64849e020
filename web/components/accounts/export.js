import { api, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { icon } from '../icon.js';
import { section } from './section.js';

const PATH = '/api/accounts/export/';
const FILE = 'rally-export.json';

/** Everything that is stored about somebody, as a file. */
export function exportSection() {
  const part = section({ id: 'export', title: t('export.title'), text: t('export.text') });
  let renewed = false;
  const link = h(
    'a',
    {
      class: 'button button-line button-small',
      href: PATH,
      download: FILE,
      onclick: async (/** @type {Event} */ event) => {
        if (renewed) return;
        event.preventDefault();
        if (link.hasAttribute('aria-busy')) return;
        link.setAttribute('aria-busy', 'true');
        // The browser fetches the file by itself, and can't renew a login that has run out in between.
        await part.attempt(null, async () => {
          await api.get('/api/accounts/user/');
          renewed = true;
          link.click();
          renewed = false;
        });
        link.removeAttribute('aria-busy');
      },
    },
    icon('download'),
    t('export.action'),
  );
  part.draw(h('div', { class: 'setting-actions' }, link));
  return part.element;
}
