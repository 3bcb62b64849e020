import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encodeInput, encodeReady, encodeResign, sidesOf } from '../pong/wire.js';
import { FakeMatch, encodeEnded, encodeSnapshot, encodeWelcome } from './pong-fakes.mjs';

/** @param {ArrayBuffer|Uint8Array<ArrayBuffer>} buffer */
const hex = (buffer) => Buffer.from(/** @type {any} */ (buffer)).toString('hex');

test('an input is sixteen bytes, little-endian', () => {
  const bytes = encodeInput({
    side: 1,
    dir: -1,
    seq: 0x01020304,
    tick: 0x0a0b0c0d,
    echo: 0x12345,
    held: 33.4,
  });
  assert.equal(hex(bytes), '0101ff00' + '04030201' + '0d0c0b0a' + '4523' + '2100');
});

test('an input without an echo says so, and a long hold is bounded', () => {
  const bytes = encodeInput({ side: 0, dir: 1, seq: 1, tick: 2, echo: null, held: 1e9 });
  assert.equal(hex(bytes), '01000100' + '01000000' + '02000000' + 'ffff' + 'ffff');
  assert.equal(
    hex(encodeInput({ side: 0, dir: 0, seq: 1, tick: 2, echo: 0, held: -5 })).slice(24),
    '00000000',
  );
});

test('ready and resign are two bytes', () => {
  assert.equal(hex(encodeReady()), '0200');
  assert.equal(hex(encodeResign()), '0300');
});

test('a snapshot comes back as it was', () => {
  const match = new FakeMatch({ seed: 3 });
  for (let i = 0; i < 400; i += 1) match.step();
  const snapshot = match.snapshot();
  snapshot.here = [true, false];
  snapshot.ready = [false, true];
  snapshot.state.paused = true;
  snapshot.state.noise = 0xfedcba98;
  snapshot.dirs = [-1, 1];
  snapshot.acks = [0xffffffff, 7];
  snapshot.pings = [null, 42];
  snapshot.watchers = 300;
  snapshot.wait = 12;
  snapshot.epoch = 65535;
  assert.deepEqual(decode(encodeSnapshot(snapshot)), snapshot);
  assert.deepEqual(decode(encodeSnapshot({ ...snapshot, void: true, phase: 3 })), {
    ...snapshot,
    void: true,
    phase: 3,
  });
});

test('a welcome and an end', () => {
  assert.deepEqual(
    decode(encodeWelcome({ role: 3, mode: 3, tick: 99, seed: 0xffffffff, epoch: 2, points: 5 })),
    {
      type: 'welcome',
      role: 'both',
      version: 1,
      mode: 'local',
      tick: 99,
      seed: 0xffffffff,
      epoch: 2,
      points: 5,
    },
  );
  assert.deepEqual(decode(encodeEnded({ state: 0, winner: 1, reason: 1, score: [2, 5] })), {
    type: 'ended',
    void: false,
    winner: 1,
    reason: 'forfeit',
    score: [2, 5],
  });
  assert.equal(
    /** @type {any} */ (decode(encodeEnded({ state: 1, winner: 255, reason: 3, score: [0, 0] }))).winner,
    null,
  );
});

test('anything else is nothing', () => {
  const good = encodeSnapshot(new FakeMatch().snapshot());
  assert.equal(decode(good.slice(0, 63)), null);
  assert.equal(decode(new Uint8Array(65).fill(1).buffer), null);
  assert.equal(decode(new ArrayBuffer(0)), null);
  assert.equal(decode('text'), null);
  assert.equal(decode(new Uint8Array(16).fill(9).buffer), null);
  const phase = new Uint8Array(good.slice(0));
  phase[1] = 4;
  assert.equal(decode(phase.buffer), null);
  assert.equal(decode(encodeWelcome({ role: 4, mode: 0, tick: 0, seed: 1, epoch: 0, points: 5 })), null);
});

test('who plays which side', () => {
  assert.deepEqual(sidesOf('left'), [0]);
  assert.deepEqual(sidesOf('right'), [1]);
  assert.deepEqual(sidesOf('both'), [0, 1]);
  assert.deepEqual(sidesOf('watcher'), []);
});
