import { h, uniqueId } from '../core/element.js';
import { TYPES } from '../core/upload.js';

/**
 * A button that chooses pictures from the device.
 *
 * @param {object} options
 * @param {import('../core/element.js').Child} options.label
 * @param {string} [options.look] class of the button
 * @param {boolean} [options.many]
 * @param {(files: File[]) => void} options.take
 */
export function pictureChooser({ label, look = 'button-line', many = true, take }) {
  const id = uniqueId('pictures');
  const picker = h('input', {
    type: 'file',
    id,
    class: 'unseen',
    multiple: many,
    accept: TYPES.join(','),
    onchange: () => {
      take([...(picker.files ?? [])]);
      // The same file can be chosen once more.
      picker.value = '';
    },
  });
  return h(
    'span',
    { class: 'choose' },
    picker,
    h('label', { class: `button button-small ${look}`, for: id }, label),
  );
}

/**
 * Files can be dropped there, too.
 *
 * @param {HTMLElement} zone
 * @param {(files: File[]) => void} take
 */
export function takeDropped(zone, take) {
  /** @param {DragEvent} event */
  const over = (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    zone.classList.add('is-over');
  };
  zone.addEventListener('dragenter', over);
  zone.addEventListener('dragover', over);
  zone.addEventListener('dragleave', (event) => {
    if (!zone.contains(/** @type {Node|null} */ (event.relatedTarget))) zone.classList.remove('is-over');
  });
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('is-over');
    take([...(event.dataTransfer?.files ?? [])]);
  });
}
