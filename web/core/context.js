import { Api } from './api.js';
import { Credentials } from './credentials.js';
import { Friends } from './friends.js';
import { I18n, pickLang } from './i18n.js';
import { Inbox } from './inbox.js';
import { Idle } from './idle.js';
import { Line, lineUrl } from './line.js';
import { Live } from './live.js';
import { Net, watched, watchedTransfer } from './net.js';
import { People } from './people.js';
import { PongFeed } from './pong-feed.js';
import { Pong } from './pong.js';
import { holdLock, localPort, sharedPort, whenFree } from './ports.js';
import { Posts } from './posts.js';
import { Problem } from './problem.js';
import { Session } from './session.js';
import { local } from './storage.js';
import { Store } from './store.js';
import { transfer } from './upload.js';
import { uuid } from './uuid.js';

/**
 * The parts of this tab, put together once. Everything else in core takes what it needs as an argument, so
 * that it can be tried without a browser.
 */

export const net = new Net({
  probe: () => fetch('/healthz', { cache: 'no-store' }).then(() => true),
  events: window,
});

const reporting = watched((input, init) => fetch(input, init), net);

export const credentials = new Credentials({
  fetch: reporting,
  storage: local,
  locks: navigator.locks ?? null,
  channel: typeof BroadcastChannel === 'function' ? new BroadcastChannel('rally.session') : null,
});

export const api = new Api({
  fetch: reporting,
  transfer: watchedTransfer(transfer, net),
  credentials,
});

export const session = new Session({ api, credentials, net });

export const live = new Live({
  shared: () => sharedPort(globalThis.SharedWorker, new URL('./line-worker.js', import.meta.url)),
  local: () => localPort(new Line({ url: lineUrl, Socket: WebSocket })),
  hold: () => holdLock(navigator.locks ?? null, `rally.tab.${uuid()}`),
  died: (lock, signal) => whenFree(navigator.locks ?? null, lock, signal),
  fresh: () => credentials.fresh(),
  check: () => session.load(),
  lost: () => net.check(),
});

session.onleave = () => live.leaving();
session.login.subscribe(({ state, user }) => {
  if (state !== 'unknown') live.identify({ user: user?.id ?? null, since: credentials.since });
});

net.online.subscribe((online) => {
  if (online) live.hurry();
});
window.addEventListener('online', () => live.hurry({ anew: true }));
window.addEventListener('pagehide', () => live.suspend());
window.addEventListener('pageshow', (event) => {
  if (event.persisted) live.restore();
});

new Idle({ page: document }).state.subscribe((idle) => live.setIdle(idle));

export const friends = new Friends({ api, live });
friends.follow(session.login, new AbortController().signal);

export const inbox = new Inbox({ api, live });
session.login.subscribe(({ user }) => inbox.use(user?.id ?? null));

export const pong = new Pong({ api, live, locks: navigator.locks ?? null });
session.login.subscribe(({ user }) => pong.use(user?.id ?? null));
export const pongFeed = new PongFeed({ live });

export const people = new People({ live });
export const posts = new Posts();

friends.listen(({ event, user_id: user }) => {
  if (user === undefined) return;
  if (event === 'blocked' || event === 'muted') posts.hide(user);
  if (event === 'unblocked' || event === 'unmuted') posts.show(user);
}, new AbortController().signal);
session.login.subscribe((now, before) => {
  if (before.state === 'unknown' || now.user?.id === before.user?.id) return;
  people.forget();
  posts.forget();
});

const LANG = 'rally.lang';

export const i18n = new I18n(pickLang(local.get(LANG), navigator.languages), async (lang) => {
  const response = await reporting(new URL(`../i18n/${lang}.json`, import.meta.url));
  if (!response.ok) throw await Problem.of(response);
  return response.json();
});

/** @param {import('./i18n.js').Lang} lang */
export function useLang(lang) {
  local.set(LANG, lang);
  return i18n.use(lang);
}

/** @type {I18n['t']} */
export const t = (key, values) => i18n.t(key, values);

/** @type {I18n['count']} */
export const tn = (key, n, values) => i18n.count(key, n, values);

/** Facts about the server that don't change while it runs. @type {Store<import('./types.js').Meta|null>} */
export const meta = new Store(/** @type {import('./types.js').Meta|null} */ (null));

export async function readMeta() {
  for (;;) {
    try {
      meta.set(await api.get('/api/meta/'));
      return;
    } catch (error) {
      if (!Problem.from(error).offline) return;
      await net.online.when((online) => online);
    }
  }
}

/**
 * @param {unknown} error
 * @returns {string} a sentence for people
 */
export function explain(error) {
  const problem = Problem.from(error);
  const key = `error.${problem.code}`;
  const known = i18n.has(key);
  const text = known
    ? i18n.t(key, { seconds: problem.retryAfter ?? 60, wait: i18n.span(problem.retryAfter ?? 60) })
    : problem.detail || i18n.t('error.unknown');
  // Whoever has to ask for help needs the number; whoever can help themselves doesn't.
  const puzzling = !known || problem.status >= 500;
  if (!puzzling || !problem.requestId) return text;
  return `${text} (${i18n.t('error.request', { id: problem.requestId })})`;
}
