import { createServer, connect } from 'node:net';

/**
 * A network between browsers and a server that is far away and loses things: what a match says goes through it, the
 * rest as it is. Over TCP nothing is lost for good: a segment that is sent again holds up all that comes after it.
 *
 * @typedef {object} Badness
 * @property {number} delay milliseconds, one way
 * @property {number} jitter milliseconds at most that are added to it
 * @property {number} loss share of the segments that are sent again
 * @property {number} again milliseconds until they are
 */

const MATCH = /^GET \/ws\/pong\//;

export class BadNetwork {
  #server;
  #badness;
  #random;
  /** Segments that went through, and how many of them were sent again. */
  counts = { sent: 0, again: 0 };

  /** @param {string} to address of the server @param {Badness} badness @param {number} seed */
  constructor(to, badness, seed = 1) {
    const { hostname, port } = new URL(to);
    this.#badness = badness;
    this.#random = generator(seed);
    this.#server = createServer((near) => {
      near.once('data', (first) => {
        const bad = MATCH.test(first.toString('latin1', 0, 64));
        const far = connect(Number(port), hostname);
        far.write(first);
        this.#join(near, far, bad);
        this.#join(far, near, bad);
      });
      near.on('error', () => near.destroy());
    });
  }

  /** @returns {Promise<string>} its address */
  async start() {
    await new Promise((done) => this.#server.listen(0, '127.0.0.1', () => done(undefined)));
    const address = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    return `http://127.0.0.1:${address.port}`;
  }

  stop() {
    this.#server.close();
  }

  /** @param {import('node:net').Socket} from @param {import('node:net').Socket} to @param {boolean} bad */
  #join(from, to, bad) {
    from.setNoDelay(true);
    let free = 0;
    /** Timers of different lengths that end together may fire in any order; what they let go is in this one. @type {Buffer[]} */
    const under = [];
    const arrive = () => {
      const data = under.shift();
      if (data && !to.destroyed) to.write(data);
    };
    from.on('data', (data) => {
      if (!bad) return void to.write(data);
      // In order: what is late holds up the rest.
      free = Math.max(free, performance.now() + this.#takes());
      under.push(data);
      setTimeout(arrive, free - performance.now());
    });
    from.on('end', () => {
      const last = () => (under.length > 0 ? setTimeout(last, 10) : to.end());
      setTimeout(last, Math.max(0, free - performance.now()));
    });
    from.on('error', () => to.destroy());
    from.on('close', () => setTimeout(() => to.destroy(), 500));
  }

  #takes() {
    const { delay, jitter, loss, again } = this.#badness;
    this.counts.sent += 1;
    const lost = this.#random() < loss;
    if (lost) this.counts.again += 1;
    return delay + this.#random() * jitter + (lost ? again : 0);
  }
}

/** Numbers from 0 to 1 that are the same each time: mulberry32. @param {number} seed */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
