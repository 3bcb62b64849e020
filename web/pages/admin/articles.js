import { allBrands, brandOptions } from '../../components/admin/brands.js';
import { AdminPage } from '../../components/admin/frame.js';
import { listing } from '../../components/admin/listing.js';
import { table } from '../../components/admin/table.js';
import { skeletonRows, present, tile } from '../../components/states.js';
import { i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { CATEGORIES, DELIVERIES } from '../../core/filters.js';
import { day, won } from '../../core/format.js';
import { articleName } from '../../core/names.js';

/** @typedef {import('../../core/types.js').Info} Info */

/** Articles of the shop. */
class ArticlesPage extends AdminPage {
  /** @override */
  draw() {
    const body = h('div');
    const add = h(
      'a',
      { class: 'button button-ink button-small', href: '/admin/articles/new' },
      t('admin.article.add'),
    );
    this.desk('articles', { title: t('admin.articles'), action: add }, body);
    this.ready = present(body, {
      signal: this.signal,
      skeleton: () => skeletonRows(4),
      load: allBrands,
      show: (brands) => {
        this.list = this.#list(brands);
        return this.list;
      },
    });
  }

  /** @param {import('../../core/types.js').Brand[]} brands */
  #list(brands) {
    return listing(
      {
        path: '/admin/articles',
        source: '/api/shop/productinfos/',
        filters: [
          { name: 'search', label: t('admin.article.search'), kind: 'search' },
          { name: 'brand_id', label: t('filter.brand'), kind: 'select', options: brandOptions(brands) },
          {
            name: 'category',
            label: t('filter.category'),
            kind: 'select',
            options: CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) })),
          },
          {
            name: 'delivery_tag',
            label: t('filter.delivery'),
            kind: 'select',
            options: DELIVERIES.map((value) => ({ value, label: t(`delivery.${value}`) })),
          },
          {
            name: 'ordering',
            label: t('shop.ordering'),
            kind: 'select',
            options: [
              { value: 'newest', label: t('ordering.newest') },
              { value: 'popular', label: t('ordering.popular') },
              { value: 'price', label: t('ordering.price') },
              { value: '-price', label: t('ordering.-price') },
            ],
          },
        ],
        empty: { icon: 'shop', title: t('admin.article.empty'), text: t('admin.article.empty_text') },
        show: (rows) => this.#table(rows),
      },
      this.query,
    );
  }

  /** @param {Info[]} rows */
  #table(rows) {
    const lang = i18n.lang.value;
    return table({
      label: t('admin.articles'),
      rows,
      columns: [
        {
          label: t('admin.article.one'),
          kind: 'main',
          cell: (info) =>
            h(
              'a',
              { class: 'data-article', href: `/admin/articles/${info.id}` },
              tile(info.productimage_set[0]?.small ?? info.productimage_urls[0], {
                class: 'tile-tiny',
              }),
              h('span', null, h('span', { class: 'muted small' }, info.brand_name), articleName(info, lang)),
            ),
        },
        { label: t('article.model'), cell: (info) => info.model_number || '–' },
        { label: t('filter.category'), cell: ({ category }) => t(`category.${category}`) },
        { label: t('filter.delivery'), cell: ({ delivery_tag: tag }) => t(`delivery.${tag}`) },
        {
          label: t('admin.article.price'),
          kind: 'number',
          cell: ({ price }) => (price === null ? '–' : won(price)),
        },
        { label: t('admin.article.pictures'), kind: 'number', cell: (info) => info.productimage_set.length },
        { label: t('admin.created'), cell: (info) => day(info.created_at, lang) },
      ],
    });
  }
}

define('page-admin-articles', ArticlesPage);
