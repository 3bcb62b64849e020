import { actionButton, askAndDo } from '../../components/admin/act.js';
import { AdminPage } from '../../components/admin/frame.js';
import { listing } from '../../components/admin/listing.js';
import { table } from '../../components/admin/table.js';
import { formDialog } from '../../components/form-dialog.js';
import { field, input } from '../../components/form.js';
import { toast } from '../../components/toast.js';
import { api, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';

/** @typedef {import('../../core/types.js').Brand} Brand */

const PATH = '/api/shop/brands/';

/** Brands: who makes the articles. */
class BrandsPage extends AdminPage {
  /** @override */
  draw() {
    this.list = listing(
      {
        path: '/admin/brands',
        source: PATH,
        filters: [{ name: 'search', label: t('admin.brand.search'), kind: 'search' }],
        empty: { icon: 'shop', title: t('admin.brand.empty'), text: t('admin.brand.empty_text') },
        show: (rows) => this.#table(rows),
      },
      this.query,
    );
    const add = actionButton({ label: t('admin.brand.add'), tone: 'ink', onclick: () => this.#name(null) });
    this.desk('brands', { title: t('admin.brands'), action: add }, this.list);
    this.ready = this.list.ready;
  }

  /** @param {Brand[]} rows */
  #table(rows) {
    return table({
      label: t('admin.brands'),
      rows,
      columns: [
        { label: t('admin.brand.name'), kind: 'main', cell: ({ name }) => name },
        { label: t('admin.id'), kind: 'number', cell: ({ id }) => String(id) },
        {
          label: t('admin.articles'),
          cell: ({ id }) => h('a', { href: `/admin/articles?brand_id=${id}` }, t('admin.brand.articles')),
        },
        {
          label: t('admin.actions'),
          kind: 'actions',
          cell: (brand) => [
            actionButton({
              label: t('admin.rename'),
              said: t('admin.rename_which', { name: brand.name }),
              onclick: () => this.#name(brand),
            }),
            actionButton({
              label: t('admin.delete'),
              said: t('admin.delete_which', { name: brand.name }),
              onclick: () => this.#delete(brand),
            }),
          ],
        },
      ],
    });
  }

  /** @param {Brand|null} brand null: a new one */
  async #name(brand) {
    const name = field({
      label: t('admin.brand.name'),
      control: input({
        name: 'name',
        required: true,
        maxlength: 80,
        autocomplete: 'off',
        value: brand?.name ?? '',
      }),
    });
    const saved = await formDialog({
      title: t(brand ? 'admin.brand.rename' : 'admin.brand.add'),
      fields: { name },
      submit: t(brand ? 'admin.save' : 'admin.add'),
      signal: this.signal,
      check: () => (name.control.value.trim() ? {} : { name: t('said.required') }),
      send: () => {
        const body = { name: name.control.value.trim() };
        return brand ? api.patch(`${PATH}${brand.id}/`, body) : api.post(PATH, body);
      },
    });
    if (!saved) return;
    toast(t(brand ? 'admin.saved' : 'admin.added'));
    this.list?.again();
  }

  /** @param {Brand} brand */
  async #delete(brand) {
    const gone = await askAndDo({
      title: t('admin.brand.delete_title'),
      text: t('admin.brand.delete_text', { name: brand.name }),
      confirm: t('admin.delete'),
      done: t('admin.deleted'),
      run: () => api.delete(`${PATH}${brand.id}/`),
      signal: this.signal,
    });
    if (gone) this.list?.again();
  }
}

define('page-admin-brands', BrandsPage);
