import { afterEach, beforeEach, mock } from 'node:test';
import { Line } from '../core/line.js';
import { Live } from '../core/live.js';
import { localPort } from '../core/ports.js';
import { settle } from './fakes.mjs';

/**
 * A browser's tabs, its line, and a server at the other end that says what a test lets it say.
 */

/** Who is signed in. */
export const ME = { user: 7, since: 5 };

/** Timers of these tests run when they say so. */
export function onMockTime() {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }));
  afterEach(() => mock.timers.reset());
}

/** @param {number} ms */
export async function pass(ms) {
  mock.timers.tick(ms);
  await settle();
}

/** A tab of somebody who is signed in, connected. @param {ReturnType<typeof browser>} world */
export async function seated(world) {
  const tab = await world.tab();
  tab.live.identify(ME);
  await settle();
  world.socket.greet(7);
  return tab;
}

export class FakeSocket {
  /** @type {any[]} */
  sent = [];
  closed = false;
  /** @type {(() => void)|null} */
  onopen = null;
  /** @type {((event: {data: string}) => void)|null} */
  onmessage = null;
  /** @type {((event: {code: number}) => void)|null} */
  onclose = null;

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  /** @param {string} t @param {unknown} [d] */
  say(t, d = {}) {
    this.onmessage?.({ data: JSON.stringify({ t, d }) });
  }

  /** The server takes it: as somebody, or nobody. @param {number|null} [user] @param {boolean} [seated] */
  greet(user = null, seated = true) {
    this.onopen?.();
    this.say('hello', { user_id: user });
    if (user === null || !seated) return;
    this.say('session', { state: 'here' });
  }

  /** @param {number} code */
  end(code) {
    this.onclose?.({ code });
  }

  /** @param {string} key @returns {any[]} what the client said of this */
  said(key) {
    return this.sent.filter((frame) => key in frame).map((frame) => frame[key]);
  }
}

/** Locks as a browser has them: a tab's death frees its own. */
export function fakeLocks() {
  /** @type {Map<string, {run: () => any}[]>} */
  const queues = new Map();
  /** @param {string} name */
  const next = (name) => {
    const queue = queues.get(name);
    queue?.shift();
    if (queue?.[0]) begin(name);
  };
  /** @param {string} name */
  const begin = (name) => {
    const first = queues.get(name)?.[0];
    Promise.resolve(first?.run()).then(() => next(name));
  };
  return {
    /** @param {string} name @param {() => any} run @returns {Promise<void>} */
    request(name, run) {
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      queue.push({ run });
      if (queue.length === 1) begin(name);
      return Promise.resolve();
    },
    /** Whoever holds it is gone without a word. @param {string} name */
    free: next,
  };
}

/** @param {{shared?: boolean, locks?: boolean, random?: () => number}} [how] */
export function browser({ shared = true, locks: locking = true, random = () => 1 } = {}) {
  /** @type {FakeSocket[]} */
  const sockets = [];
  const clock = { now: 1_000_000 };
  const locks = locking ? fakeLocks() : null;
  class Socket extends FakeSocket {
    constructor() {
      super();
      sockets.push(this);
    }
  }
  /** @param {string|null} [lock] */
  const newLine = (lock = null) =>
    new Line({
      lock,
      url: () => 'ws://x/ws',
      Socket: /** @type {any} */ (Socket),
      locks,
      random,
      now: () => clock.now,
    });
  let worker = 'line.1';
  locks?.request(worker, () => new Promise(() => {}));
  let line = newLine(locks && worker);
  let names = 0;

  /** @param {Partial<ConstructorParameters<typeof Live>[0]>} [parts] */
  const tab = async (parts = {}) => {
    const calls = { fresh: 0, check: 0, lost: 0, dead: false };
    /** What nobody has heard yet. @type {(() => void)[]} */
    const asleep = [];
    /** @type {any[]} */
    const told = [];
    let lock = '';
    const live = new Live({
      shared: () => {
        if (!shared) return null;
        const port = localPort(line);
        const { post } = port;
        // A dead tab neither hears nor says anything.
        port.post = (message) => {
          if (!calls.dead) post(message);
        };
        return new Proxy(port, {
          set(target, key, value) {
            const heard = (/** @type {any} */ message) => {
              if (calls.dead) return void asleep.push(() => heard(message));
              told.push(message);
              value(message);
            };
            return Reflect.set(target, key, key === 'onmessage' && value ? heard : value);
          },
        });
      },
      local: () => localPort(newLine()),
      hold: async () => {
        if (!locks) return null;
        lock = `tab.${(names += 1)}`;
        return new Promise((resolve) => {
          locks.request(
            lock,
            () => new Promise((release) => resolve({ name: lock, release: () => release(null) })),
          );
        });
      },
      died: (name, signal) =>
        new Promise((resolve) => {
          locks?.request(name, () => {
            if (!signal.aborted) resolve();
          });
        }),
      fresh: async () => {
        calls.fresh += 1;
      },
      check: async () => {
        calls.check += 1;
      },
      lost: () => (calls.lost += 1),
      ...parts,
    });
    return {
      live,
      calls,
      told,
      wake() {
        calls.dead = false;
        for (const hear of asleep.splice(0)) hear();
      },
      /** It is gone, and had no time to say so. */
      async die() {
        calls.dead = true;
        locks?.free(lock);
        await settle();
      },
    };
  };
  return {
    sockets,
    clock,
    tab,
    /** The process of the shared worker dies. */
    async crash() {
      line.join = () => () => {};
      const dead = worker;
      for (const socket of sockets) socket.closed = true;
      worker = 'line.2';
      locks?.request(worker, () => new Promise(() => {}));
      line = newLine(locks && worker);
      locks?.free(dead);
      await settle();
    },
    get socket() {
      const last = sockets.at(-1);
      if (!last) throw new Error('nobody has connected');
      return last;
    },
  };
}

export const NOBODY = { user: null, since: 0 };

/** @param {Live} live @param {string} topic */
export function collect(live, topic) {
  /** @type {any[]} */
  const seen = [];
  const stop = live.subscribe(topic, { data: (data) => seen.push(data), resume: () => seen.push('resume') });
  return { seen, stop };
}
