import { explain, session, t } from '../core/context.js';
import { navigate } from '../core/navigation.js';
import { toast } from './toast.js';

/** Ends the session and goes home; says so if it can't. */
export async function signOut() {
  try {
    await session.signOut();
    toast(t('signin.out'));
    navigate('/');
  } catch (error) {
    toast(explain(error), { bad: true });
  }
}
