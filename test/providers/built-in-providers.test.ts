import { expect, it } from 'vitest';
import { builtInProviders, type ProviderTrouble } from '../../src/adapters/container/built-in-providers.ts';
import { freePort } from '../support/free-port.ts';
import { aConfiguration } from './configurations.ts';

it('tells the operator what led to a refusal, and the person a word', async () => {
  const troubles: ProviderTrouble[] = [];
  const { oidc } = builtInProviders({
    publicUrl: 'https://iam.example',
    allowPrivate: true,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  const configuration = aConfiguration({ issuer: `http://127.0.0.1:${await freePort()}` });
  const now = new Date();
  const start = oidc?.start(configuration, { state: 'state', fresh: false, now, expiresAt: now });

  await expect(start).rejects.toMatchObject({ code: 'unavailable' });
  const { id, projectId } = configuration;
  expect(troubles).toEqual([{ id, projectId, cause: expect.any(Error) }]);
});
