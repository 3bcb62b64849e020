import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkTo } from '../core/link.js';

test('the next portion is found in a Link header', () => {
  const next = 'https://rally.test/api/shop/productinfos/3/comments/?cursor=a%2Cb&page_size=20';
  assert.equal(linkTo(`<${next}>; rel="next"`, 'next'), next);
  assert.equal(linkTo(`<${next}>; rel=next`, 'next'), next);
  assert.equal(linkTo(`<${next}>;rel="next"; title="More, please; really"`, 'next'), next);
  assert.equal(linkTo(`<${next}>; title="a > b"; REL="Next"`, 'next'), next);
});

test('of several links the one with the relation is taken, whatever stands around it', () => {
  const header = '</a?x=1,2>; rel="prev", </b;c>; rel="last next", </d>; rel="next"';
  assert.equal(linkTo(header, 'next'), '/b;c');
  assert.equal(linkTo(header, 'prev'), '/a?x=1,2');
  assert.equal(linkTo(header, 'last'), '/b;c');
  assert.equal(linkTo(header, 'first'), null);
});

test('without a next portion there is none', () => {
  for (const header of [
    null,
    '',
    'nonsense',
    '</a>',
    '</a>; rel="prev"',
    '</a>; rel="nextish"',
    '</a>; title="rel=next"',
  ]) {
    assert.equal(linkTo(header, 'next'), null, String(header));
  }
});
