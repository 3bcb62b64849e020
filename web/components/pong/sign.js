import { svg } from '../../core/element.js';

/** Outlines that only a court needs; see icon.js. */
const PATHS = {
  sound: 'M5.5 9H9l4.5-3.8v13.6L9 15H5.5zM16.4 9.2a4 4 0 0 1 0 5.6M18.8 6.8a7.4 7.4 0 0 1 0 10.4',
  silence: 'M5.5 9H9l4.5-3.8v13.6L9 15H5.5zM16.5 9.7l4.6 4.6M21.1 9.7l-4.6 4.6',
  wide: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
  narrow: 'M9 4.5V9H4.5M19.5 9H15V4.5M15 19.5V15h4.5M4.5 15H9v4.5',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  again: 'M5.2 12a6.8 6.8 0 1 0 2.2-5M5 4.4v3.4h3.4',
};

/** @param {keyof typeof PATHS} name @returns {SVGElement} */
export function sign(name) {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: PATHS[name] }),
  );
}
