import { articleForm } from '../../components/admin/article-form.js';
import { allBrands } from '../../components/admin/brands.js';
import { AdminPage } from '../../components/admin/frame.js';
import { icon } from '../../components/icon.js';
import { bone, present, skeleton } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { navigate } from '../../core/navigation.js';

/** A new article. Sizes and pictures follow on its own page. */
class NewArticlePage extends AdminPage {
  /** @type {ReturnType<typeof articleForm>|null} */
  #form = null;

  /** @override */
  draw() {
    const body = h('div');
    this.desk(
      'articles',
      {
        title: t('admin.article.new'),
        before: h('a', { class: 'back-link', href: '/admin/articles' }, icon('back'), t('admin.articles')),
      },
      h('section', { class: 'panel desk-panel' }, body),
    );
    this.ready = present(body, {
      signal: this.signal,
      skeleton: () => skeleton(h('div', { class: 'stack' }, bone('bone-block'), bone('bone-block'))),
      load: allBrands,
      show: (brands) => {
        this.#form = articleForm({
          values: { brand: this.query.get('brand_id') ?? '' },
          draft: this.restored?.draft ?? {},
          brands,
          submit: t('admin.article.add'),
          signal: this.signal,
          send: async (body) => {
            const info = await api.post('/api/shop/productinfos/', body);
            toast(t('admin.added'));
            await navigate(`/admin/articles/${info.id}`, { replace: true });
          },
        });
        return this.#form.element;
      },
    });
  }

  /** @override */
  snapshot() {
    const draft = this.#form?.draft() ?? null;
    return draft && { draft };
  }
}

define('page-admin-new-article', NewArticlePage);
