/**
 * Chromium's own stand-in for a device that holds passkeys. The browser does everything else as always.
 *
 * @param {import('playwright-core').Page} page
 */
export async function passkeyDevice(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Whether the person's finger is the right one. @param {boolean} isUserVerified */
    recognises: (isUserVerified) =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    /** @returns {Promise<number>} how many passkeys it holds */
    count: async () =>
      (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    /** The device forgets them; the server doesn't know. */
    clear: () => session.send('WebAuthn.clearCredentials', { authenticatorId }),
  };
}
