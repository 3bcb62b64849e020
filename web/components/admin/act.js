import { explain } from '../../core/context.js';
import { h } from '../../core/element.js';
import { Problem } from '../../core/problem.js';
import { ask } from '../dialog.js';
import { toast } from '../toast.js';

/**
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.said] read aloud where the label alone says too little
 * @param {'line'|'ink'|'accent'} [options.tone]
 * @param {(button: HTMLButtonElement) => void} options.onclick
 */
export function actionButton({ label, said, tone = 'line', onclick }) {
  const button = h(
    'button',
    {
      type: 'button',
      class: `button button-${tone} button-small`,
      'aria-label': said,
      onclick: () => onclick(button),
    },
    label,
  );
  return button;
}

/**
 * Asks, does it, and says how it went.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.text
 * @param {string} options.confirm
 * @param {string} options.done
 * @param {() => Promise<unknown>} options.run
 * @param {AbortSignal} options.signal
 * @returns {Promise<boolean>} it was done, or it turned out to be gone already
 */
export async function askAndDo({ title, text, confirm, done, run, signal }) {
  if (!(await ask({ title, text, confirm, signal })) || signal.aborted) return false;
  try {
    await run();
    toast(done);
    return true;
  } catch (error) {
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    toast(explain(problem), { bad: true });
    return problem.status === 404;
  }
}
