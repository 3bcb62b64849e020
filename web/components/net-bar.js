import { net, t } from '../core/context.js';
import { RallyElement, define, fill, h } from '../core/element.js';
import { icon } from './icon.js';

const THANKS = 2_500;

/** Says that the server is out of reach, and that it is back. Takes no part of the layout while all is well. */
export class NetBar extends RallyElement {
  /** @override */
  connected() {
    this.setAttribute('role', 'status');
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let timer;
    this.watch(net.online, (online) => {
      clearTimeout(timer);
      this.#show(online ? 'back' : 'lost');
      if (online) timer = setTimeout(() => this.#show('none'), THANKS);
    });
    this.#show(net.online.value ? 'none' : 'lost');
  }

  /** @param {'none'|'lost'|'back'} state */
  #show(state) {
    this.dataset['state'] = state;
    if (state === 'none') return fill(this);
    const lost = state === 'lost';
    fill(
      this,
      h(
        'div',
        { class: lost ? 'net-bar' : 'net-bar net-bar-back' },
        icon(lost ? 'offline' : 'check'),
        h('span', null, t(lost ? 'net.lost' : 'net.back')),
        lost
          ? h('button', { type: 'button', class: 'net-again', onclick: () => net.check() }, t('action.retry'))
          : null,
      ),
    );
  }
}

define('rally-net', NetBar);
