import { api, t } from '../../core/context.js';
import { h, uniqueId } from '../../core/element.js';
import { formDialog } from '../form-dialog.js';
import { field, letters } from '../form.js';
import { toast } from '../toast.js';

const REASONS = /** @type {const} */ (['spam', 'abuse', 'sexual', 'counterfeit', 'other']);
const NOTE = 300;

/** Tells the staff of something. @param {string} path @param {AbortSignal} signal */
async function report(path, signal) {
  const name = uniqueId('reason');
  /** @type {string} */
  let reason = REASONS[0];
  const note = field({
    label: t('report.note'),
    hint: t('report.note_hint'),
    optional: true,
    limit: NOTE,
    control: h('textarea', { class: 'input input-text', rows: '3' }),
  });
  const done = await formDialog({
    title: t('report.title'),
    intro: h(
      'fieldset',
      { class: 'report-reasons' },
      h('legend', { class: 'label' }, t('report.reason')),
      REASONS.map((value) =>
        h(
          'label',
          { class: 'check' },
          h('input', {
            type: 'radio',
            name,
            value,
            checked: value === reason,
            onchange: () => (reason = value),
          }),
          t(`report.reason.${value}`),
        ),
      ),
    ),
    fields: { note },
    submit: t('report.send'),
    check: () => (letters(note.control.value) > NOTE ? { note: t('admin.said.longest', { max: NOTE }) } : {}),
    send: async () => {
      const said = note.control.value.trim();
      await api.post(`${path}report/`, said ? { reason, note: said } : { reason });
      return true;
    },
    signal,
  });
  if (done) toast(t('report.sent'));
}

/**
 * @param {string} path of what is wrong, with a slash at its end
 * @param {AbortSignal} signal
 * @returns {import('../friends/menu.js').Entry}
 */
export function reportEntry(path, signal) {
  return { label: t('report.action'), icon: 'flag', run: () => report(path, signal) };
}
