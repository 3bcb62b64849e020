/**
 * Small stand-ins for what a browser gives.
 */

/** @param {number} status @param {unknown} [body] @param {Record<string, string>} [headers] */
export function reply(status, body, headers = {}) {
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
}

/** @param {string} code @param {number} [status] @param {object} [more] */
export function problem(code, status = 400, more = {}) {
  return reply(status, { code, detail: `detail of ${code}`, request_id: 'r1', ...more });
}

/** A storage that several tabs share. */
export function storage() {
  /** @type {Map<string, string>} */
  const map = new Map();
  return {
    /** @param {string} key */
    get: (key) => map.get(key) ?? null,
    /** @param {string} key @param {string|null} value */
    set: (key, value) => {
      if (value === null) map.delete(key);
      else map.set(key, value);
    },
  };
}

/** Locks that several tabs share: one after the other. */
export function locks() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return {
    /** @param {string} _name @param {() => Promise<void>} run */
    request: (_name, run) => {
      const turn = last.then(run);
      last = turn.catch(() => {});
      return turn;
    },
  };
}

/** @param {number} lifetime seconds @param {number} [issued] */
export function jwt(lifetime, issued = 1_000) {
  const part = Buffer.from(JSON.stringify({ iat: issued, exp: issued + lifetime })).toString('base64url');
  return `head.${part}.sign`;
}

/** Lets everything that is already settled run on. */
export async function settle() {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
