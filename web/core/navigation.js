import { signinPath } from './paths.js';

/**
 * Going somewhere from code. Links are plain anchors; the router takes their clicks.
 */

/** @type {import('./router.js').Router|null} */
let router = null;

/** @param {import('./router.js').Router} given */
export function useRouter(given) {
  router = given;
}

/** @returns {import('./router.js').Router} */
export function currentRouter() {
  if (!router) throw new Error('the router has not been started');
  return router;
}

/** @param {string} href @param {{replace?: boolean}} [options] */
export function navigate(href, options) {
  return currentRouter().navigate(href, options);
}

/** @param {string} [next] where to come back to; the present page when it is missing */
export function toSignin(next = currentRouter().path) {
  return navigate(signinPath(next));
}
