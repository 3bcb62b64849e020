import { namesOf } from '../../components/pong/duel-head.js';
import { t } from '../../core/context.js';
import { WAITING } from '../../pong/wire.js';

/**
 * The turns of a match in words, for who hears them: the start, each point, each pause. Not the countdown's seconds,
 * and no hit.
 *
 * @param {import('../../core/pong-types.js').Match} match
 * @param {(words: string) => void} say
 */
export function matchSay(match, say) {
  const [a, b] = namesOf(match);
  let score = '';
  let last = '';
  return {
    /**
     * @param {import('../../pong/wire.js').Snapshot} snapshot
     * @param {import('../../pong/situation.js').Situation} now
     */
    snapshot({ state, here, phase }, now) {
      const [left, right] = state.score;
      const stands = t('pong.game.stands', { a, b, left, right });
      if (score !== '' && score !== stands && phase !== WAITING) say(stands);
      score = stands;
      if (now === last) return;
      const before = last;
      last = now;
      if (now === 'playing' && before !== '')
        say(t(before === 'paused' ? 'pong.game.goes_on' : 'pong.game.starts'));
      if (now === 'paused') {
        const gone = !here[0] && here[1] ? a : here[0] && !here[1] ? b : '';
        say(gone ? t('pong.game.away', { name: gone }) : t('pong.game.all_away'));
      }
    },
  };
}
