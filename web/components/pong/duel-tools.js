import { t, tn } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { icon } from '../icon.js';
import { sign } from './sign.js';

/**
 * What stands under the court: who watches, sound, the whole screen, giving up.
 *
 * @param {object} how
 * @param {import('../../pong/sound.js').Sound} how.sound
 * @param {HTMLElement} how.stage that can fill the screen
 * @param {() => void} how.onresign
 * @param {() => void} how.onshare
 * @param {AbortSignal} how.signal
 */
export function duelTools({ sound, stage, onresign, onshare, signal }) {
  const watchers = h('span', { class: 'duel-watchers' });
  const hint = h('span', { class: 'duel-hint' });
  const resign = h(
    'button',
    { type: 'button', class: 'button button-line button-small', hidden: true, onclick: onresign },
    icon('flag'),
    t('pong.game.resign'),
  );
  const share = tool(t('action.share'), onshare);
  fill(share, icon('share'));
  const node = h(
    'div',
    { class: 'duel-tools' },
    h('div', { class: 'duel-tools-start' }, watchers, hint),
    resign,
    share,
    muteTool(sound),
    document.fullscreenEnabled ? wideTool(stage, signal) : null,
  );
  let watched = -1;
  return {
    node,
    /** @param {number} n */
    watchers: (n) => {
      if (n === watched) return;
      watched = n;
      fill(watchers, n > 0 ? [icon('eye'), tn('pong.game.watchers', n)] : null);
    },
    /** @param {string} words */
    hint: (words) => {
      if (hint.textContent !== words) hint.textContent = words;
    },
    /** @param {boolean} may */
    resign: (may) => {
      resign.hidden = !may;
    },
  };
}

/** @param {string} label @param {() => void} onclick */
function tool(label, onclick) {
  return h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick });
}

/** @param {import('../../pong/sound.js').Sound} sound */
function muteTool(sound) {
  const button = tool(t('pong.game.sound'), () => {
    sound.muted = !sound.muted;
    draw();
  });
  const draw = () => {
    fill(button, sign(sound.muted ? 'silence' : 'sound'));
    button.setAttribute('aria-pressed', String(!sound.muted));
  };
  draw();
  return button;
}

/** @param {HTMLElement} stage @param {AbortSignal} signal */
function wideTool(stage, signal) {
  const button = tool(t('pong.game.fullscreen'), () => {
    const done = document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen();
    // Refused: the court stays as large as it is.
    done.catch(() => {});
  });
  const draw = () => {
    const wide = document.fullscreenElement === stage;
    fill(button, sign(wide ? 'narrow' : 'wide'));
    button.setAttribute('aria-pressed', String(wide));
  };
  document.addEventListener('fullscreenchange', draw, { signal });
  draw();
  return button;
}
