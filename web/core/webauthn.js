import { Problem } from './problem.js';

/**
 * Passkeys. The server speaks JSON with base64url, the browser speaks buffers; newer browsers translate
 * themselves, for the others it is done here.
 */

/** @param {ArrayBuffer|Uint8Array} bytes @returns {string} */
export function toBase64url(bytes) {
  let text = '';
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @param {string} text with or without padding @returns {Uint8Array<ArrayBuffer>} */
export function fromBase64url(text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, ''));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {any} descriptor */
const known = (descriptor) => ({ ...descriptor, id: fromBase64url(descriptor.id) });

/** @param {any} options PublicKeyCredentialCreationOptionsJSON @returns {PublicKeyCredentialCreationOptions} */
export function creationOptions(options) {
  return {
    ...options,
    challenge: fromBase64url(options.challenge),
    user: { ...options.user, id: fromBase64url(options.user.id) },
    ...(options.excludeCredentials ? { excludeCredentials: options.excludeCredentials.map(known) } : {}),
  };
}

/** @param {any} options PublicKeyCredentialRequestOptionsJSON @returns {PublicKeyCredentialRequestOptions} */
export function requestOptions(options) {
  return {
    ...options,
    challenge: fromBase64url(options.challenge),
    ...(options.allowCredentials ? { allowCredentials: options.allowCredentials.map(known) } : {}),
  };
}

/** @param {any} credential what an authenticator gave @returns {Record<string, any>} the same as JSON */
export function credentialJSON(credential) {
  const { response } = credential;
  /** @type {Record<string, any>} */
  const answer = { clientDataJSON: toBase64url(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) answer[name] = toBase64url(response[name]);
  }
  if (response.attestationObject) answer['transports'] = response.getTransports?.() ?? [];
  return {
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    ...(credential.authenticatorAttachment
      ? { authenticatorAttachment: credential.authenticatorAttachment }
      : {}),
    clientExtensionResults: credential.getClientExtensionResults?.() ?? {},
    response: answer,
  };
}

/** @param {string} hostname as in location @returns {boolean} passkeys belong to a name, never to a number */
function isAddress(hostname) {
  return hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
}

/**
 * Passkeys can be used here: the browser knows them, and this is a place where they may be asked for.
 *
 * @param {{isSecureContext?: boolean, PublicKeyCredential?: unknown, location: {hostname: string}}} [here]
 */
export function available(here = globalThis) {
  return Boolean(here.isSecureContext && here.PublicKeyCredential) && !isAddress(here.location.hostname);
}

/**
 * @param {() => Promise<Credential|null>} run
 * @returns {Promise<Record<string, any>|null>} null: the person gave up, or let the time run out
 */
export async function ceremony(run) {
  /** @type {any} */
  let credential;
  try {
    credential = await run();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    // A browser doesn't tell a refusal from a timeout, nor from a device without a fitting passkey.
    if (name === 'NotAllowedError' || name === 'AbortError') return null;
    const code = name === 'InvalidStateError' ? 'client.passkey_known' : 'client.passkey';
    throw new Problem({ status: -1, code, detail: String(error) });
  }
  if (!credential) return null;
  return typeof credential.toJSON === 'function' ? credential.toJSON() : credentialJSON(credential);
}

/**
 * Makes a passkey.
 *
 * @param {any} options the server's
 * @param {{signal?: AbortSignal}} [how]
 */
export function create(options, { signal } = {}) {
  return ceremony(() => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON?.(options) ?? creationOptions(options);
    return navigator.credentials.create({ publicKey, ...(signal ? { signal } : {}) });
  });
}

/**
 * Uses a passkey.
 *
 * @param {any} options the server's
 * @param {{signal?: AbortSignal}} [how]
 */
export function get(options, { signal } = {}) {
  return ceremony(() => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? requestOptions(options);
    return navigator.credentials.get({ publicKey, ...(signal ? { signal } : {}) });
  });
}

/**
 * The whole way of using a passkey: `…/begin/`, the device, the answer to `…/`.
 *
 * @param {Pick<import('./api.js').Api, 'post'>} api
 * @param {string} path where the answer goes
 * @param {{more?: () => Record<string, unknown>, signal?: AbortSignal}} [how] more: what goes along with the answer
 * @returns {Promise<any>} the server's reply, null when the person gave up
 */
export async function prove(api, path, { more, signal } = {}) {
  const until = signal ? { signal } : {};
  const { ceremony: id, options } = await api.post(`${path}begin/`, {}, until);
  const credential = await get(options, until);
  if (!credential) return null;
  return api.post(path, { ceremony: id, credential, ...more?.() }, until);
}
