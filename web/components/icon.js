import { svg } from '../core/element.js';

/** 24-px outlines, drawn for Rally. Each is one path. */
const PATHS = {
  home: 'M4 11.2 12 4.5l8 6.7V19a1.5 1.5 0 0 1-1.5 1.5H15v-6H9v6H5.5A1.5 1.5 0 0 1 4 19z',
  shop: 'M5.2 8.5h13.6l.9 10.4a1.5 1.5 0 0 1-1.5 1.6H5.8a1.5 1.5 0 0 1-1.5-1.6zM8.5 11V7.2a3.5 3.5 0 0 1 7 0V11',
  wish: 'M6.5 3.8h11A1.2 1.2 0 0 1 18.7 5v15.4L12 15.7l-6.7 4.7V5a1.2 1.2 0 0 1 1.2-1.2z',
  like: 'M12 20 4.9 12.9a4.6 4.6 0 0 1 6.5-6.5l.6.6.6-.6a4.6 4.6 0 0 1 6.5 6.5z',
  person: 'M12 12.2a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.2c.9-3.3 3.8-5 7.5-5s6.6 1.7 7.5 5',
  search: 'M10.8 17.6a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6zM15.8 15.8 20.5 20.5',
  settings: 'M4 7.5h9M17 7.5h3M15 5.2v4.6M4 16.5h3M11 16.5h9M9 14.2v4.6',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  down: 'M5.5 9.5 12 16l6.5-6.5',
  check: 'M5 12.6 10 17.5 19.2 7',
  warn: 'M12 4.2 21 19.6H3zM12 10v4.6M12 16.9v.2',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.4M12 7.7v.2',
  filter: 'M4 7h16M7 12h10M10 17h4',
  order: 'M6 3.8h12v16.7l-3-1.8-3 1.8-3-1.8-3 1.8zM9 8.5h6M9 12.5h6',
  bid: 'M4.5 17.5 10 12l3.5 3.5 6-7M15 8.5h4.5V13',
  bell: 'M6.2 16.6V11a5.8 5.8 0 0 1 11.6 0v5.6l1.5 1.9H4.7zM12 5.2V3.6M10.2 20.6h3.6',
  mail: 'M4 6.2h16v11.6H4zM4.4 6.8l7.6 6 7.6-6',
  offline:
    'M4 4l16 16M8.6 14.9a5 5 0 0 1 6.3-.4M5.4 11.6a9.5 9.5 0 0 1 4-2.3M13.5 9a9.6 9.6 0 0 1 5.1 2.6M2.6 8.3a14 14 0 0 1 3.8-2.5M10.5 4.7a14 14 0 0 1 10.9 3.6M12 18.6v.2',
  friends:
    'M9 11.8a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2zM2.6 19.8c.7-3.2 3.2-4.9 6.4-4.9s5.7 1.7 6.4 4.9M15.4 4.9a3.6 3.6 0 0 1 0 6.6M17.6 15.3c2 .6 3.3 2.2 3.8 4.5',
  more: 'M5.5 11.9v.2M12 11.9v.2M18.5 11.9v.2',
  block: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM6 6l12 12',
  plus: 'M12 5.5v13M5.5 12h13',
  minus: 'M5.5 12h13',
  share: 'M12 15V4.2M8 7.8 12 3.8l4 4M6 11.5H4.8v8.7h14.4v-8.7H18',
  picture: 'M4 5.5h16v13H4zM4.3 16.6 9 12l3.6 3.4 2.6-2.3 4.5 4M15.3 9.3v.2',
  edit: 'M5 19l.8-3.9L15.9 5a1.6 1.6 0 0 1 2.2 0l.9.9a1.6 1.6 0 0 1 0 2.2L8.9 18.2z',
  lock: 'M6 10.8h12v9.4H6zM8.5 10.8V8a3.5 3.5 0 0 1 7 0v2.8M12 14.4v2.4',
  shield: 'M12 3.6l7 2.6v5.6c0 4.2-2.9 7.2-7 8.6-4.1-1.4-7-4.4-7-8.6V6.2zM8.8 12l2.3 2.3 4.2-4.4',
  key: 'M8 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM12.2 12h8.3v3M17 12v2.4M8 12v.1',
  phone:
    'M8 3.5h8A1.5 1.5 0 0 1 17.5 5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5zM11 17.6h2',
  device: 'M4.5 5h15v10.5h-15zM9 19.5h6M12 15.5v4',
  link: 'M10.2 13.8a3.6 3.6 0 0 0 5.1 0l3.2-3.2a3.6 3.6 0 0 0-5.1-5.1l-1.2 1.2M13.8 10.2a3.6 3.6 0 0 0-5.1 0l-3.2 3.2a3.6 3.6 0 0 0 5.1 5.1l1.2-1.2',
  copy: 'M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9',
  download: 'M12 4v11.2M7.6 11l4.4 4.4 4.4-4.4M4.5 19.5h15',
  print: 'M7.5 8.5v-5h9v5M7.5 17H4.5V8.5h15V17h-3M7.5 14h9v6.5h-9z',
  out: 'M10 4.5H5.5v15H10M14.5 8l4 4-4 4M18 12H9.5',
  style: 'M4.5 4.5h6.3v9H4.5zM13.2 4.5h6.3v5.4h-6.3zM13.2 12.3h6.3v7.2h-6.3zM4.5 15.9h6.3v3.6H4.5z',
  pictures: 'M4.5 4.5h11v11h-11zM8.5 18.2v1.3h11v-11h-1.3',
  comment: 'M4.2 5.2h15.6v11H11l-4.3 3.6v-3.6H4.2z',
  flag: 'M6 20.5V4M6 4.8h11.6l-2.4 4 2.4 4H6',
  mute: 'M4.5 4.5l15 15M9 9H5.5v6H9l4.5 3.8v-5.3M11 6.9l2.5-2v4.6M16.8 9.4a4 4 0 0 1 .6 4.2',
  trash: 'M5 6.8h14M9.5 6.5V4.2h5v2.3M6.8 6.8l.8 13h8.8l.8-13M10.2 10.5v5.6M13.8 10.5v5.6',
  tag: 'M4.2 12.2V4.2h8L20 12l-8 8zM8.2 8.1v.2',
  hash: 'M9.4 4 7.6 20M16.4 4l-1.8 16M4.6 9h15.2M4.2 15h15.2',
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * Decoration only: what it stands next to, or the control around it, carries the words.
 *
 * @param {IconName} name
 * @returns {SVGElement}
 */
export function icon(name) {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: `icon icon-${name}`, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: PATHS[name] }),
  );
}

/** The sign: a ball that comes back over the net. @returns {SVGElement} */
export function logo() {
  return svg(
    'svg',
    { viewBox: '0 0 32 32', class: 'logo-sign', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { class: 'logo-arc', d: 'M4 23.5C6.2 11.8 13 7.6 16 16.4c2.4 7 7.6 6.6 10.4-3' }),
    svg('circle', { class: 'logo-ball', cx: '26.6', cy: '8.2', r: '3.6' }),
  );
}
