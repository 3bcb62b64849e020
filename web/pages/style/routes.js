/**
 * What people show, and who they are.
 *
 * @type {import('../../core/router.js').Route[]}
 */
export const styleRoutes = [
  { path: '/style', title: 'style.title', tag: 'page-style', load: () => import('./feed.js') },
  {
    path: '/style/new',
    title: 'compose.title',
    tag: 'page-compose',
    access: 'user',
    load: () => import('./compose.js'),
  },
  {
    path: '/style/search',
    title: 'style.search',
    tag: 'page-style-search',
    load: () => import('./search.js'),
  },
  { path: '/style/tags/:tag', title: 'style.title', tag: 'page-style-tag', load: () => import('./tag.js') },
  {
    path: '/style/products/:id',
    title: 'seen.title',
    tag: 'page-style-product',
    load: () => import('./product.js'),
  },
  { path: '/style/posts/:id', title: 'post.title', tag: 'page-post', load: () => import('./post.js') },
  {
    path: '/style/posts/:id/edit',
    title: 'compose.edit_title',
    tag: 'page-compose',
    access: 'user',
    load: () => import('./compose.js'),
  },
  { path: '/u/:name', title: 'person.title', tag: 'page-person', load: () => import('./person.js') },
];
