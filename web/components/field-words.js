import { t } from '../core/context.js';
import { Problem } from '../core/problem.js';

/** What the shop says of a field, and the sentence for it. @type {[RegExp, (found: RegExpExecArray) => string][]} */
const SENTENCES = [
  [/^is required$/, () => t('said.required')],
  [/^must have at most ([\d,]+) characters\b/, ([, max = '']) => t('admin.said.longest', { max })],
  [
    /^must have ([\d,]+) to ([\d,]+) characters\b/,
    ([, min = '', max = '']) => t('admin.said.length', { min, max }),
  ],
  [
    /^must be between ([\d,]+) and ([\d,]+)$/,
    ([, min = '', max = '']) => t('admin.said.between', { min, max }),
  ],
  [/^must be a date\b/, () => t('admin.said.date')],
];

/** @param {string} message of the server @returns {string} the same in the reader's language */
export function fieldWords(message) {
  for (const [pattern, sentence] of SENTENCES) {
    const found = pattern.exec(message);
    if (found) return sentence(found);
  }
  return message;
}

/**
 * Runs something that a form sends; what the server says of its fields comes back in the reader's language.
 *
 * @template T
 * @param {() => Promise<T>} send
 * @returns {Promise<T>}
 */
export async function sayingIt(send) {
  try {
    return await send();
  } catch (error) {
    const problem = Problem.from(error);
    const errors = Object.entries(problem.errors).map(([name, said]) => [name, said.map(fieldWords)]);
    problem.errors = Object.fromEntries(errors);
    throw problem;
  }
}
