import { Shell } from './components/shell.js';
import { errorState } from './components/states.js';
import { wait } from './core/backoff.js';
import { i18n, inbox, net, readMeta, session, t } from './core/context.js';
import { titled } from './core/inbox-state.js';
import { useRouter } from './core/navigation.js';
import { safeNext, signinPath } from './core/paths.js';
import { Router } from './core/router.js';
import { followSystem, paint } from './core/theme.js';
import { adminRoutes } from './pages/admin/routes.js';
import { pongRoutes } from './pages/pong/routes.js';
import { styleRoutes } from './pages/style/routes.js';

/** @type {import('./core/router.js').Route[]} */
const routes = [
  { path: '/', title: 'home.title', tag: 'page-home', load: () => import('./pages/home/home.js') },
  { path: '/shop', title: 'shop.title', tag: 'page-shop', load: () => import('./pages/shop/shop.js') },
  {
    path: '/shop/:id',
    title: 'shop.title',
    tag: 'page-article',
    load: () => import('./pages/shop/article.js'),
  },
  {
    path: '/my/orders',
    title: 'orders.title',
    tag: 'page-orders',
    access: 'user',
    load: () => import('./pages/shop/orders.js'),
  },
  {
    path: '/my/orders/:id',
    title: 'order.title',
    tag: 'page-order',
    access: 'user',
    load: () => import('./pages/shop/order.js'),
  },
  {
    path: '/my/bids',
    title: 'bids.title',
    tag: 'page-bids',
    access: 'user',
    load: () => import('./pages/shop/bids.js'),
  },
  {
    path: '/my/wishes',
    title: 'wishes.title',
    tag: 'page-wishes',
    access: 'user',
    load: () => import('./pages/shop/wishes.js'),
  },
  {
    path: '/my/portfolio',
    title: 'portfolio.title',
    tag: 'page-portfolio',
    access: 'user',
    load: () => import('./pages/shop/portfolio.js'),
  },
  {
    path: '/my/profile',
    title: 'profile.title',
    tag: 'page-profile',
    access: 'user',
    load: () => import('./pages/accounts/profile.js'),
  },
  {
    path: '/my/security',
    title: 'security.title',
    tag: 'page-security',
    access: 'user',
    load: () => import('./pages/accounts/security.js'),
  },
  {
    path: '/my/sessions',
    title: 'sessions.title',
    tag: 'page-sessions',
    access: 'user',
    load: () => import('./pages/accounts/sessions.js'),
  },
  {
    path: '/my/settings',
    title: 'settings.title',
    tag: 'page-settings',
    access: 'user',
    load: () => import('./pages/accounts/settings.js'),
  },
  {
    path: '/inbox',
    title: 'inbox.title',
    tag: 'page-inbox',
    access: 'user',
    load: () => import('./pages/inbox/inbox.js'),
  },
  {
    path: '/inbox/activity',
    title: 'inbox.tab_activity',
    tag: 'page-inbox-activity',
    access: 'user',
    load: () => import('./pages/inbox/activity.js'),
  },
  {
    path: '/friends',
    title: 'friends.title',
    tag: 'page-friends',
    access: 'user',
    load: () => import('./pages/friends/friends.js'),
  },
  {
    path: '/friends/requests',
    title: 'friends.requests_title',
    tag: 'page-friend-requests',
    access: 'user',
    load: () => import('./pages/friends/requests.js'),
  },
  {
    path: '/friends/search',
    title: 'friends.find',
    tag: 'page-friend-search',
    access: 'user',
    load: () => import('./pages/friends/search.js'),
  },
  {
    path: '/friends/blocked',
    title: 'friends.blocked_people',
    tag: 'page-friend-blocked',
    access: 'user',
    load: () => import('./pages/friends/kept-away.js'),
  },
  {
    path: '/friends/muted',
    title: 'mute.people',
    tag: 'page-friend-muted',
    access: 'user',
    load: () => import('./pages/friends/kept-away.js'),
  },
  {
    path: '/goodbye',
    title: 'goodbye.title',
    tag: 'page-goodbye',
    access: 'guest',
    load: () => import('./pages/accounts/goodbye.js'),
  },
  {
    path: '/signin',
    title: 'signin.title',
    tag: 'page-signin',
    access: 'guest',
    load: () => import('./pages/accounts/signin.js'),
  },
  {
    path: '/signup',
    title: 'signup.title',
    tag: 'page-signup',
    access: 'guest',
    load: () => import('./pages/accounts/signup.js'),
  },
  {
    path: '/reset',
    title: 'reset.title',
    tag: 'page-reset',
    load: () => import('./pages/accounts/reset.js'),
  },
  {
    path: '/email',
    title: 'email.title',
    tag: 'page-email',
    load: () => import('./pages/accounts/email.js'),
  },
  {
    path: '/verify',
    title: 'verify.title',
    tag: 'page-verify',
    load: () => import('./pages/accounts/verify.js'),
  },
  {
    path: '/outbox',
    title: 'outbox.title',
    tag: 'page-outbox',
    load: () => import('./pages/accounts/outbox.js'),
  },
  ...styleRoutes,
  ...pongRoutes,
  ...adminRoutes,
];

/** @type {import('./core/router.js').Route} */
const missing = {
  path: '',
  title: 'missing.title',
  tag: 'page-missing',
  load: () => import('./pages/home/missing.js'),
};

/**
 * @param {import('./core/router.js').Route} route
 * @param {URL} url
 * @returns {Promise<string|null>} where to go instead
 */
async function guard(route, url) {
  if (!route.access) return null;
  const { state } = await session.known();
  if (route.access === 'user' && state !== 'signed-in') return signinPath(url.pathname + url.search);
  if (route.access === 'guest' && state === 'signed-in') {
    return safeNext(url.searchParams.get('next'), location.origin);
  }
  return null;
}

/** Without texts there is nothing to show, not even what went wrong: wait for the network. */
async function readTexts() {
  for (;;) {
    try {
      return await i18n.start();
    } catch {
      await net.online.when((online) => online);
      await wait(1_000);
    }
  }
}

async function start() {
  paint();
  followSystem();
  // A provider sends to /signin only those whom it did not sign in.
  const first = session.load({ returning: location.pathname !== '/signin' });
  await readTexts();
  document.documentElement.lang = i18n.lang.value;

  const shell = new Shell();
  /** The page's title, without how much is unread. */
  let named = '';
  const router = new Router({
    outlet: shell.outlet,
    routes,
    missing,
    guard,
    name: (route) => t(route.title),
    title: (name) => {
      named = t('app.page', { name });
      return titled(named, inbox.stand.value.unread);
    },
    failure: errorState,
    busy: (busy) => shell.busy(busy),
  });
  useRouter(router);
  document.body.prepend(shell);
  readMeta();

  inbox.stand.subscribe(({ unread }) => {
    if (named) document.title = titled(named, unread);
  });
  i18n.lang.subscribe((lang) => {
    document.documentElement.lang = lang;
    router.refresh();
  });
  await Promise.all([router.start(), first]);
  session.login.subscribe((now, before) => {
    if (now.user?.id === before.user?.id) return;
    // Another person: nothing of the former one's page may stay.
    router.refresh({ forget: true });
  });
}

start();
