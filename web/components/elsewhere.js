import { i18n, live, session, t } from '../core/context.js';
import { RallyElement, define, fill, h, uniqueId } from '../core/element.js';
import { currentRouter, toSignin } from '../core/navigation.js';
import { icon, logo } from './icon.js';
import { signOut } from './sign-out.js';

/** So long the other device may take to let go, before the button can be pressed again. */
const TAKEOVER_MS = 12_000;

/**
 * Rally is in use on another device: the page that lies over all tabs of this browser, until the person decides
 * where they want to be. A native dialog keeps the focus inside; Escape means "not now".
 */
export class Elsewhere extends RallyElement {
  #id = uniqueId('elsewhere');
  /** @type {HTMLDialogElement|null} */
  #dialog = null;
  /** What is shown, so that nothing is drawn twice. */
  #shown = '';
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** @override */
  connected() {
    this.watch(live.seat, () => this.#show());
    this.watch(session.login, () => this.#show());
    this.watch(i18n.lang, () => this.#show());
    this.signal.addEventListener('abort', () => this.#close(), { once: true });
    this.#show();
  }

  /** @returns {'none'|'elsewhere'|'ended'} */
  get #kind() {
    const { state, later } = live.seat.value;
    if (state === 'here' || later) return 'none';
    if (session.user) return 'elsewhere';
    return state === 'ended' ? 'ended' : 'none';
  }

  #show() {
    const kind = this.#kind;
    const now = `${kind} ${live.seat.value.device} ${i18n.lang.value}`;
    if (now === this.#shown) return;
    this.#shown = now;
    clearTimeout(this.#timer);
    if (kind === 'none') return this.#close();
    const dialog = this.#dialog ?? this.#open();
    fill(
      dialog,
      h(
        'div',
        { class: 'elsewhere-frame' },
        h('div', { class: 'elsewhere-sign' }, logo()),
        kind === 'elsewhere' ? this.#elsewhere() : this.#ended(),
      ),
    );
    /** @type {HTMLElement|null} */ (dialog.querySelector('h2'))?.focus();
  }

  #open() {
    const dialog = h('dialog', { class: 'elsewhere', 'aria-labelledby': this.#id });
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      live.later();
    });
    // A second Escape closes a dialog unasked.
    dialog.addEventListener('close', () => {
      if (dialog === this.#dialog) live.later();
    });
    this.#dialog = dialog;
    this.replaceChildren(dialog);
    dialog.showModal();
    return dialog;
  }

  #close() {
    const dialog = this.#dialog;
    this.#dialog = null;
    this.#shown = '';
    dialog?.close();
    this.replaceChildren();
  }

  /** @param {string} text */
  #title(text) {
    return h('h2', { id: this.#id, class: 'elsewhere-title', tabindex: '-1' }, text);
  }

  #elsewhere() {
    const { device } = live.seat.value;
    const use = h(
      'button',
      {
        type: 'button',
        class: 'button button-accent button-wide',
        onclick: () => {
          use.disabled = true;
          live.useHere();
          this.#timer = setTimeout(() => (use.disabled = false), TAKEOVER_MS);
        },
      },
      t('elsewhere.use'),
    );
    return [
      h('div', { class: 'elsewhere-icon' }, icon('device')),
      this.#title(device ? t('elsewhere.title', { device }) : t('elsewhere.title_unknown')),
      h('p', { class: 'elsewhere-text' }, t('elsewhere.text')),
      h(
        'div',
        { class: 'elsewhere-actions' },
        use,
        h(
          'button',
          { type: 'button', class: 'button button-line button-wide', onclick: () => live.later() },
          t('elsewhere.later'),
        ),
        h('button', { type: 'button', class: 'elsewhere-out', onclick: signOut }, t('elsewhere.out')),
      ),
      h('p', { class: 'elsewhere-hint' }, t('elsewhere.later_text')),
    ];
  }

  #ended() {
    const signin = () => {
      live.later();
      if (!currentRouter().path.startsWith('/signin')) toSignin();
    };
    return [
      h('div', { class: 'elsewhere-icon' }, icon('out')),
      this.#title(t('elsewhere.ended')),
      h('p', { class: 'elsewhere-text' }, t('elsewhere.ended_text')),
      h(
        'div',
        { class: 'elsewhere-actions' },
        h(
          'button',
          { type: 'button', class: 'button button-accent button-wide', onclick: signin },
          t('nav.signin'),
        ),
        h(
          'button',
          { type: 'button', class: 'button button-line button-wide', onclick: () => live.later() },
          t('elsewhere.stay'),
        ),
      ),
    ];
  }
}

define('rally-elsewhere', Elsewhere);
