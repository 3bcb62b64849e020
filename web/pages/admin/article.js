import { actionButton, askAndDo } from '../../components/admin/act.js';
import { articleForm } from '../../components/admin/article-form.js';
import { articleValues } from '../../components/admin/article-values.js';
import { allBrands } from '../../components/admin/brands.js';
import { AdminPage } from '../../components/admin/frame.js';
import '../../components/admin/pictures.js';
import '../../components/admin/sizes.js';
import { icon } from '../../components/icon.js';
import { bone, emptyState, present, skeleton } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { articleName } from '../../core/names.js';
import { navigate } from '../../core/navigation.js';

/**
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {import('../../core/types.js').Brand} Brand
 */

/** @param {string} title @param {...import('../../core/element.js').Child} content */
function part(title, ...content) {
  return h('section', { class: 'panel desk-panel' }, h('h2', null, title), content);
}

/** One article: what it is, its sizes, its pictures. */
class AdminArticlePage extends AdminPage {
  #path = '';
  /** @type {ReturnType<typeof articleForm>|null} */
  #form = null;

  /** @override */
  draw() {
    const body = h('div', { class: 'desk-body' });
    const id = this.params['id'] ?? '';
    this.#path = `/api/shop/productinfos/${id}/`;
    this.desk(
      'articles',
      {
        title: t('admin.article.heading', { id }),
        before: h('a', { class: 'back-link', href: '/admin/articles' }, icon('back'), t('admin.articles')),
        action: h(
          'a',
          { class: 'button button-line button-small', href: `/shop/${id}` },
          t('admin.article.see'),
        ),
      },
      body,
    );
    // Its name is longer than what stands there first.
    this.querySelector('.desk-head')?.classList.add('desk-head-named');
    this.ready = present(body, {
      signal: this.signal,
      skeleton: () => skeleton(h('div', { class: 'stack' }, bone('bone-block'), bone('bone-block'))),
      // All of it at once: what comes later would push the rest down.
      load: (signal) =>
        Promise.all([
          api.get(this.#path, { signal }),
          allBrands(signal),
          api.get(`${this.#path}products/`, { signal }),
          api.get(`${this.#path}images/`, { signal }),
        ]),
      show: ([info, brands, products, pictures]) => this.#show(info, brands, products, pictures),
      failed: (problem) =>
        problem.status === 404
          ? emptyState({
              icon: 'search',
              title: t('article.missing'),
              text: t('article.missing_text'),
              action: { href: '/admin/articles', label: t('admin.articles') },
            })
          : null,
    });
  }

  /** @override */
  snapshot() {
    const draft = this.#form?.draft() ?? null;
    return draft && { draft };
  }

  /**
   * @param {Info} info
   * @param {Brand[]} brands
   * @param {import('../../core/types.js').Product[]} products
   * @param {import('../../components/admin/pictures.js').Picture[]} pictures
   */
  #show(info, brands, products, pictures) {
    const name = articleName(info, i18n.lang.value);
    this.setTitle(name);
    const heading = this.querySelector('h1');
    if (heading) heading.textContent = name;
    const sizes = /** @type {import('../../components/admin/sizes.js').Sizes} */ (
      h('rally-admin-sizes', { info: info.id, store: info.delivery_tag === 'brand', known: products })
    );
    this.#form = articleForm({
      values: articleValues(info),
      draft: this.restored?.draft ?? {},
      brands,
      submit: t('admin.save'),
      signal: this.signal,
      send: async (body) => {
        /** @type {Info} */
        const saved = await api.put(this.#path, body);
        toast(t('admin.saved'));
        const store = saved.delivery_tag === 'brand';
        if (heading) heading.textContent = articleName(saved, i18n.lang.value);
        if (store !== sizes.store) {
          sizes.store = store;
          sizes.read();
        }
      },
    });
    return [
      part(t('article.facts'), this.#form.element),
      part(t('admin.sizes'), sizes),
      part(t('admin.pictures'), h('rally-pictures', { info: info.id, name, known: pictures })),
      part(
        t('admin.article.delete_head'),
        h('p', { class: 'setting-text' }, t('admin.article.delete_hint')),
        h(
          'div',
          { class: 'setting-actions' },
          actionButton({ label: t('admin.article.delete'), onclick: () => this.#delete(name) }),
        ),
      ),
    ];
  }

  /** @param {string} name */
  async #delete(name) {
    const gone = await askAndDo({
      title: t('admin.article.delete_title'),
      text: t('admin.article.delete_text', { name }),
      confirm: t('admin.delete'),
      done: t('admin.deleted'),
      run: () => api.delete(this.#path),
      signal: this.signal,
    });
    if (gone) navigate('/admin/articles', { replace: true });
  }
}

define('page-admin-article', AdminArticlePage);
