import { t } from '../core/context.js';
import { currentRouter } from '../core/navigation.js';
import { ask } from './dialog.js';

/**
 * Asks whether what was typed may be thrown away.
 *
 * @param {AbortSignal} signal
 */
export function askToLeave(signal) {
  return ask({
    title: t('unsaved.title'),
    text: t('unsaved.text'),
    confirm: t('unsaved.yes'),
    keep: t('unsaved.no'),
    signal,
  });
}

/**
 * Asks before somebody leaves a page with something that is not saved: by a link, a search, the way back, or by
 * closing the tab, where the browser asks itself.
 *
 * @param {() => boolean} dirty
 * @param {AbortSignal} signal of the page
 */
export function guardLeaving(dirty, signal) {
  const router = currentRouter();
  let asking = false;

  /** @param {() => void} go */
  const decide = async (go) => {
    if (asking) return;
    asking = true;
    const sure = await askToLeave(signal);
    asking = false;
    if (!sure || signal.aborted) return;
    router.hold = null;
    go();
  };

  /** @param {() => void} go */
  const hold = (go) => {
    if (!dirty()) return false;
    decide(go);
    return true;
  };
  router.hold = hold;
  signal.addEventListener('abort', () => {
    if (router.hold === hold) router.hold = null;
  });
  window.addEventListener(
    'beforeunload',
    (event) => {
      if (router.hold === hold && dirty()) event.preventDefault();
    },
    { signal },
  );
}
