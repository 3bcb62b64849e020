import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  available,
  ceremony,
  creationOptions,
  credentialJSON,
  fromBase64url,
  requestOptions,
  toBase64url,
} from '../core/webauthn.js';

/** @param {...number} bytes */
const bytes = (...bytes) => Uint8Array.from(bytes).buffer;

/** @param {string} name @param {string} [message] */
const refusal = (name, message = '') => new DOMException(message, name);

test('base64url keeps every byte, in both alphabets’ places, with and without padding', () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  for (let length = 0; length <= all.length; length += 1) {
    const part = all.slice(0, length);
    const text = toBase64url(part);
    assert.equal(text, Buffer.from(part).toString('base64url'));
    assert.doesNotMatch(text, /[+/=]/);
    assert.deepEqual(fromBase64url(text), part);
  }
  assert.equal(toBase64url(bytes(251, 255, 254)), '-__-');
  assert.deepEqual(fromBase64url('-__-'), Uint8Array.of(251, 255, 254));
  assert.deepEqual(fromBase64url('-w=='), Uint8Array.of(251));
  assert.deepEqual(fromBase64url('-w'), Uint8Array.of(251));
  assert.throws(() => fromBase64url('not base64!'));
});

test('the server’s options become buffers, what is no buffer stays', () => {
  const made = creationOptions({
    challenge: '-__-',
    rp: { id: 'rally.test', name: 'Rally' },
    user: { id: 'AQI', name: 'a@rally.test', displayName: 'A' },
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    excludeCredentials: [{ type: 'public-key', id: 'AwQ', transports: ['internal'] }],
  });
  assert.deepEqual(made.challenge, Uint8Array.of(251, 255, 254));
  assert.deepEqual(made.user.id, Uint8Array.of(1, 2));
  assert.equal(made.user.name, 'a@rally.test');
  assert.deepEqual(made.rp, { id: 'rally.test', name: 'Rally' });
  assert.deepEqual(made.excludeCredentials, [
    { type: 'public-key', id: Uint8Array.of(3, 4), transports: ['internal'] },
  ]);

  const asked = requestOptions({ challenge: 'AQI', rpId: 'rally.test', userVerification: 'required' });
  assert.deepEqual(asked.challenge, Uint8Array.of(1, 2));
  assert.equal(asked.rpId, 'rally.test');
  assert.equal('allowCredentials' in asked, false);
  const narrow = requestOptions({ challenge: 'AQI', allowCredentials: [{ type: 'public-key', id: 'AwQ' }] });
  assert.deepEqual(narrow.allowCredentials, [{ type: 'public-key', id: Uint8Array.of(3, 4) }]);
});

test('what the device gives becomes JSON', () => {
  const base = { id: 'AQI', rawId: bytes(1, 2), type: 'public-key', getClientExtensionResults: () => ({}) };
  assert.deepEqual(
    credentialJSON({
      ...base,
      authenticatorAttachment: 'platform',
      response: {
        clientDataJSON: bytes(123, 125),
        attestationObject: bytes(251),
        getTransports: () => ['internal', 'hybrid'],
      },
    }),
    {
      id: 'AQI',
      rawId: 'AQI',
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: { clientDataJSON: 'e30', attestationObject: '-w', transports: ['internal', 'hybrid'] },
    },
  );
  assert.deepEqual(
    credentialJSON({
      ...base,
      authenticatorAttachment: null,
      response: {
        clientDataJSON: bytes(123, 125),
        authenticatorData: bytes(1),
        signature: bytes(2),
        userHandle: null,
      },
    }),
    {
      id: 'AQI',
      rawId: 'AQI',
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON: 'e30', authenticatorData: 'AQ', signature: 'Ag' },
    },
  );
});

test('giving up is no failure, and failures say which', async () => {
  assert.equal(await ceremony(() => Promise.reject(refusal('NotAllowedError'))), null);
  assert.equal(await ceremony(() => Promise.reject(refusal('AbortError'))), null);
  assert.equal(await ceremony(async () => null), null);
  await assert.rejects(
    ceremony(() => Promise.reject(refusal('InvalidStateError'))),
    { code: 'client.passkey_known' },
  );
  await assert.rejects(
    ceremony(() => Promise.reject(refusal('SecurityError'))),
    { code: 'client.passkey' },
  );
  // The options could not be read.
  await assert.rejects(
    ceremony(() => {
      throw new TypeError('no');
    }),
    { code: 'client.passkey' },
  );
});

test('the browser’s own translation is used where there is one', async () => {
  const own = /** @type {any} */ ({ toJSON: () => ({ id: 'own' }) });
  assert.deepEqual(await ceremony(async () => own), { id: 'own' });
});

test('passkeys need a browser that knows them, a safe place and a name', () => {
  /** @param {string} hostname */
  const at = (hostname) => ({
    isSecureContext: true,
    PublicKeyCredential: class {},
    location: { hostname },
  });
  for (const name of ['rally.test', 'localhost', '1.example.com', '10.0.0.1.nip.io'])
    assert.equal(available(at(name)), true, name);
  for (const address of ['127.0.0.1', '10.0.0.1', '[::1]', '[fe80::1]'])
    assert.equal(available(at(address)), false, address);
  assert.equal(available({ ...at('rally.test'), isSecureContext: false }), false);
  assert.equal(available({ ...at('rally.test'), PublicKeyCredential: undefined }), false);
});
