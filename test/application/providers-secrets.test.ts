import { beforeAll, describe, expect, it } from 'vitest';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIdentity, answerOfProvider, answerOfWallet, aWallet, MEMO_CANARY } from '../support/a-provider.ts';
import { actorOf, at, type TestIam } from '../support/an-iam.ts';
import { dumpOf } from '../support/store-dump.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  aWalletHolder,
  configure,
  GLOBEX,
  RETURN_TO,
  returnedWith,
  signedInBy,
  WALLET,
  withPhone,
} from './provider-people.ts';

const CLIENT_SECRET = 'canary-of-the-client';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
  await configure(test, project, { id: 'initech', clientId: 'initech', clientSecret: CLIENT_SECRET });
});
const v1 = () => at(project, 'v1');

/** Everything secret that somebody holds, or sends, on every way that there is; and every refusal on those ways. */
async function everyRoundTrip() {
  const { providers } = test.iam;
  const secrets: string[] = [CLIENT_SECRET, MEMO_CANARY];
  const refusals: unknown[] = [];
  const answers: unknown[] = [];
  const refused = (attempt: Promise<unknown>) =>
    attempt.then(
      (given) => refusals.push(given),
      (error: unknown) => refusals.push(error),
    );
  const person = await aNewcomer(test, project);
  const { identity, actor } = person;
  secrets.push(person.tokens.accessToken, person.tokens.refreshToken);

  const browser = await providers.startSignIn.execute(v1(), { providerId: ACME, returnTo: RETURN_TO });
  const browserAnswer = answerOfProvider(browser, identity);
  const { state, verifier } = browser;
  const back = { providerId: ACME, state, answer: browserAnswer };
  const { code = '' } = returnedWith(await providers.answerProvider.execute(v1(), back));
  secrets.push(state.split('.')[1] ?? '', verifier, code, browserAnswer.parameters.code ?? '');
  await refused(providers.answerProvider.execute(v1(), { ...back, verifier }));
  await refused(providers.exchangeCode.execute(v1(), { code, verifier: 'pv_wrong' }));
  const exchanged = signedInBy(await providers.exchangeCode.execute(v1(), { code, verifier }));
  secrets.push(exchanged.tokens.accessToken, exchanged.tokens.refreshToken);
  await refused(providers.exchangeCode.execute(v1(), { code, verifier }));

  const { userId } = actor;
  const linking = await providers.startLink.execute(actor, { userId, providerId: GLOBEX });
  const linked = { userId, providerId: GLOBEX, ...linking, answer: answerOfProvider(linking, anIdentity()) };
  secrets.push(linking.state.split('.')[1] ?? '', linking.verifier, linked.answer.parameters.code ?? '');
  answers.push(await providers.finishLink.execute(actor, linked), await providers.listLinks.execute(actor, userId));
  await refused(providers.finishLink.execute(actor, linked));

  const { phone } = await withPhone(test, { actor });
  secrets.push(phone.secret);
  const again = await providers.startSignIn.execute(v1(), { providerId: ACME });
  const asked = { providerId: ACME, state: again.state, verifier: again.verifier };
  const challenge = await providers.answerProvider
    .execute(v1(), { ...asked, answer: answerOfProvider(again, identity) })
    .catch(({ details }) => details.challengeToken);
  secrets.push(again.state.split('.')[1] ?? '', again.verifier, challenge);
  await refused(
    providers.answerMfaChallenge.execute(v1(), { challengeToken: challenge, code: await phone.wrongCode() }),
  );
  const entered = signedInBy(
    await providers.answerMfaChallenge.execute(v1(), { challengeToken: challenge, code: await phone.nextCode() }),
  );
  secrets.push(entered.tokens.accessToken, entered.tokens.refreshToken);

  const wallet = aWallet();
  const signer = await aWalletHolder(test, project, wallet);
  const fresh = await providers.startReauthentication.execute(signer.actor, { providerId: WALLET, wallet });
  const signed = answerOfWallet(fresh, wallet);
  secrets.push(fresh.verifier, fresh.challenge?.nonce ?? '', signed.kind === 'signature' ? signed.signature : '');
  answers.push(await providers.finishReauthentication.execute(signer.actor, { ...fresh, answer: signed }));
  await refused(providers.finishReauthentication.execute(signer.actor, { ...fresh, answer: signed }));

  answers.push(await providers.listSignInProviders.execute(v1()));
  answers.push(await actorOf(test, v1(), entered.tokens.accessToken));
  await test.relay();
  return { secrets, refusals, answers };
}

const textOf = (value: unknown): string =>
  value instanceof Error ? `${value.stack} ${JSON.stringify({ ...value })}` : JSON.stringify(value);

describe('what is secret on the way to a provider and back', () => {
  it('stands nowhere: in no row, no event, no record, no mail, no answer and no refusal', async () => {
    const { secrets, refusals, answers } = await everyRoundTrip();
    expect(secrets.filter((secret) => secret.length < 8)).toEqual([]);
    expect(refusals).toHaveLength(6);
    expect(refusals.filter((refusal) => !(refusal instanceof Error))).toEqual([]);
    const places = {
      rows: dumpOf(test.store),
      mails: JSON.stringify(test.ports.notifier.messages),
      refusals: refusals.map(textOf).join('\n'),
      answers: answers.map(textOf).join('\n'),
    };
    expect(places.rows).toContain('auth.provider.linked');
    expect(places.mails).toContain('provider-linked');
    for (const [place, text] of Object.entries(places)) {
      expect([place, secrets.filter((secret) => text.includes(secret))]).toEqual([place, []]);
    }
  });

  it('is told once, to whoever starts, and is another each time', async () => {
    const starts = await Promise.all(
      Array.from({ length: 16 }, () => test.iam.providers.startSignIn.execute(v1(), { providerId: ACME })),
    );
    for (const given of ['state', 'verifier'] as const) {
      expect(new Set(starts.map((started) => started[given])).size).toBe(16);
      for (const started of starts) expect(started[given]).toMatch(/p[sv]_[\w-]{43}$/);
    }
    for (const { redirectUrl, verifier } of starts) expect(redirectUrl).not.toContain(verifier);
  });
});
