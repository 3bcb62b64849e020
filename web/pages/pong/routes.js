/**
 * Pong: the lobby, matches, tournaments, and who plays how.
 *
 * @type {import('../../core/router.js').Route[]}
 */
export const pongRoutes = [
  { path: '/pong', title: 'pong.title', tag: 'page-pong', load: () => import('./lobby.js') },
  {
    path: '/pong/leaderboard',
    title: 'pong.leaderboard',
    tag: 'page-pong-leaderboard',
    load: () => import('./leaderboard.js'),
  },
  {
    path: '/pong/history',
    title: 'pong.history',
    tag: 'page-pong-history',
    load: () => import('./history.js'),
  },
  {
    path: '/pong/tournaments',
    title: 'pong.cups',
    tag: 'page-pong-tournaments',
    load: () => import('./tournaments.js'),
  },
  {
    path: '/pong/t/:id',
    title: 'pong.cups',
    tag: 'page-pong-tournament',
    load: () => import('./tournament.js'),
  },
  { path: '/pong/m/:id', title: 'pong.match', tag: 'page-pong-match', load: () => import('./match.js') },
  {
    path: '/pong/m/:id/replay',
    title: 'pong.replay',
    tag: 'page-pong-replay',
    load: () => import('./replay.js'),
  },
];
