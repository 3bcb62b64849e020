import { t } from '../../core/context.js';
import { providerName } from './providers.js';

/** @param {string} method @returns {string} how somebody signed in */
export function methodName(method) {
  if (method === 'password') return t('method.password');
  if (method === 'otp') return t('method.otp');
  if (method === 'passkey') return t('method.passkey');
  return t('method.provider', { name: providerName(method) });
}
