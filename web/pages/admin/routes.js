/**
 * Where the staff works. Each page looks itself whether it is the staff that asks; the server does anyway.
 *
 * @type {import('../../core/router.js').Route[]}
 */
export const adminRoutes = [
  {
    path: '/admin',
    title: 'admin.title',
    tag: 'page-admin',
    access: 'user',
    load: () => import('./dashboard.js'),
  },
  {
    path: '/admin/orders',
    title: 'admin.orders',
    tag: 'page-admin-orders',
    access: 'user',
    load: () => import('./orders.js'),
  },
  {
    path: '/admin/orders/:id',
    title: 'admin.orders',
    tag: 'page-admin-order',
    access: 'user',
    load: () => import('./order.js'),
  },
  {
    path: '/admin/bids',
    title: 'admin.bids',
    tag: 'page-admin-bids',
    access: 'user',
    load: () => import('./bids.js'),
  },
  {
    path: '/admin/articles',
    title: 'admin.articles',
    tag: 'page-admin-articles',
    access: 'user',
    load: () => import('./articles.js'),
  },
  {
    path: '/admin/articles/new',
    title: 'admin.article.new',
    tag: 'page-admin-new-article',
    access: 'user',
    load: () => import('./new-article.js'),
  },
  {
    path: '/admin/articles/:id',
    title: 'admin.articles',
    tag: 'page-admin-article',
    access: 'user',
    load: () => import('./article.js'),
  },
  {
    path: '/admin/brands',
    title: 'admin.brands',
    tag: 'page-admin-brands',
    access: 'user',
    load: () => import('./brands.js'),
  },
  {
    path: '/admin/fees',
    title: 'admin.fees',
    tag: 'page-admin-fees',
    access: 'user',
    load: () => import('./fees.js'),
  },
  {
    path: '/admin/reports',
    title: 'admin.reports',
    tag: 'page-admin-reports',
    access: 'user',
    load: () => import('./reports.js'),
  },
  {
    path: '/admin/tournaments',
    title: 'admin.cups',
    tag: 'page-admin-tournaments',
    access: 'user',
    load: () => import('./tournaments.js'),
  },
  {
    path: '/admin/audit',
    title: 'admin.audit',
    tag: 'page-admin-audit',
    access: 'user',
    load: () => import('./audit.js'),
  },
];
