import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completed, tokenAt } from '../core/completion.js';
import { pieces } from '../core/rich-text.js';

const mentions = [{ profile_name: 'sole.hunter' }, { profile_name: '미니멀준' }, { profile_name: 'a_b' }];
/** @param {string} text */
const found = (text) => pieces(text, { mentions, tags: true });

test('names and tags become links, everything else stays text', () => {
  assert.deepEqual(found('고마워요 @미니멀준, 오늘 #데일리 #ootd_2026!'), [
    { text: '고마워요 ' },
    { mention: '미니멀준' },
    { text: ', 오늘 ' },
    { tag: '데일리' },
    { text: ' ' },
    { tag: 'ootd_2026' },
    { text: '!' },
  ]);
  assert.deepEqual(found('<b>no markup</b>'), [{ text: '<b>no markup</b>' }]);
  assert.deepEqual(found(''), []);
  assert.deepEqual(pieces('@a_b #tag'), [{ text: '@a_b #tag' }], 'nobody is known, tags are not asked for');
});

test('a name ends where it ends, also before the end of a sentence', () => {
  assert.deepEqual(found('thanks @sole.hunter.'), [
    { text: 'thanks ' },
    { mention: 'sole.hunter' },
    { text: '.' },
  ]);
  assert.deepEqual(found('@a_b-'), [{ mention: 'a_b' }, { text: '-' }]);
  // Part of another name is nobody.
  assert.deepEqual(found('@sole.hunter2'), [{ text: '@sole.hunter2' }]);
  assert.deepEqual(found('@nobody'), [{ text: '@nobody' }]);
});

test('nothing begins in the middle of a word', () => {
  assert.deepEqual(found('mail me@a_b or a#tag'), [{ text: 'mail me@a_b or a#tag' }]);
  assert.deepEqual(found('&#39;'), [{ text: '&#39;' }]);
  assert.deepEqual(found('#2026 is a number'), [{ text: '#2026 is a number' }]);
  assert.deepEqual(found('＃가을'), [{ tag: '가을' }]);
  assert.deepEqual(found(`#${'x'.repeat(51)}`), [{ text: `#${'x'.repeat(51)}` }]);
  assert.deepEqual(found('#one#two'), [{ tag: 'one' }, { text: '#two' }]);
});

test('what is written at the caret is found, and completed there', () => {
  assert.equal(tokenAt('hello', 5), null);
  assert.deepEqual(tokenAt('hi @mi', 6), { sign: '@', query: 'mi', start: 3, end: 6 });
  assert.deepEqual(tokenAt('#데일', 3), { sign: '#', query: '데일', start: 0, end: 3 });
  assert.equal(tokenAt('a@mi', 4), null, 'an address is no name');
  assert.equal(tokenAt('@mina there', 3), null, 'in the middle of a word');
  const token = tokenAt('hi @mi there', 6);
  assert.ok(token);
  assert.deepEqual(completed('hi @mi there', token, 'mina'), { text: 'hi @mina there', caret: 9 });
  const last = tokenAt('#da', 3);
  assert.ok(last);
  assert.deepEqual(completed('#da', last, 'daily'), { text: '#daily ', caret: 7 });
});
