import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { section } from '../section.js';
import { cups } from './cups.js';
import { liveList } from './live-list.js';

/** On the home page: who plays right now, and which tournament comes next. */
export function pongShelf() {
  const nothing = () =>
    h(
      'p',
      { class: 'pong-none' },
      h('span', null, t('pong.home_none')),
      h('a', { class: 'button button-line button-small', href: '/pong' }, t('pong.play')),
    );
  return h(
    'div',
    { class: 'pong-shelf' },
    section(t('pong.live'), '/pong', liveList({ most: 2, empty: nothing })),
    section(
      t('pong.next_cup'),
      '/pong/tournaments',
      cups({
        most: 1,
        states: ['open'],
        empty: () =>
          h(
            'p',
            { class: 'pong-none' },
            h('span', null, t('pong.cups_none')),
            h(
              'a',
              { class: 'button button-line button-small', href: '/pong/tournaments' },
              t('pong.cup_new'),
            ),
          ),
      }),
    ),
  );
}
