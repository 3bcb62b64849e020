import { after, before } from 'node:test';
import { ownTest as test, world } from './harness.mjs';
import { newPerson } from './people.mjs';

const ATTEMPTS = 5;

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world({ settings: { RALLY_LIMIT_ATTEMPTS: String(ATTEMPTS) } });
});
after(() => rally?.stop());

test('after too many wrong passwords the page says how long to wait', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'guessed');
  visitor.expect(400, 429);
  await visitor.open('/signin');
  const answer = () => page.waitForResponse((response) => response.url().endsWith('/api/accounts/login/'));
  for (let n = 1; n <= ATTEMPTS; n += 1) {
    const [response] = await Promise.all([answer(), visitor.present(person.email, `wrong-${n}`)]);
    await response.finished();
    await page.getByText('E-mail or password is wrong.').waitFor();
  }
  // The right one doesn't help any more.
  await visitor.present(person.email, person.password);
  await page.getByText(/^Too many attempts\. Try again in (\d+ minutes?|\d+ seconds?)\.$/).waitFor();
  await visitor.inspect('signin-limit-en');
  visitor.clean();
  await visitor.close();
});

test('mails are limited, too', async () => {
  const visitor = await rally.visit({ lang: 'ko-KR' });
  const { page } = visitor;
  visitor.expect(429);
  for (let n = 0; n < ATTEMPTS; n += 1) {
    await visitor.post('/api/accounts/password/reset/', { email: 'somebody@rally.test' });
  }
  await visitor.open('/reset');
  await page.locator('input[name=email]').fill('somebody@rally.test');
  await page.locator('main form button[type=submit]').click();
  await page.getByRole('alert').getByText(/분|초/).waitFor();
  visitor.clean();
  await visitor.close();
});
