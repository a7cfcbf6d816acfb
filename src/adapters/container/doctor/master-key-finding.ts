import { type MasterKeyNeeds, ReadMasterKeyNeeds } from '../../../application/sealing/read-master-key-needs.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Ports } from '../../../ports/ports.ts';
import { SEALED_KINDS } from '../../../ports/sealed-secrets.ts';
import { AesGcmSecretBox } from '../../crypto/aes-gcm-secret-box.ts';
import { HmacAttester } from '../../crypto/hmac-attester.ts';
import { HmacSecretIssuer } from '../../crypto/hmac-secret-issuer.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const DAY_SECONDS = 86_400;

type MasterKeyFindingDeps = Pick<Ports, 'sealedSecrets' | 'auditArchive' | 'apiKeyDirectory' | 'projectDirectory'> & {
  readonly keyRing: KeyRing;
  readonly clock: Clock;
};

/** Whether the master keys open what is stored, and whether the one before can go. */
export async function masterKeyFinding(deps: MasterKeyFindingDeps): Promise<Finding> {
  const [sealed, apiKeys] = [await sealedElsewhere(deps), await apiKeysElsewhere(deps)];
  if (sealed > 0) {
    return fail(
      'master-key',
      `${sealed} stored secrets are sealed under another master key: nobody signs in with them.`,
      'Start with the master key that they were sealed under, as MASTER_KEY or as MASTER_KEY_PREVIOUS.',
    );
  }
  if (apiKeys > 0) {
    return warn(
      'master-key',
      `API keys (${apiKeys}) are stored by another master key: they open nothing.`,
      'Start with that one as MASTER_KEY_PREVIOUS until they were shown, or revoke them: castellan api-key list --project <id>',
    );
  }
  if (!deps.keyRing.replacesPrevious) return ok('master-key', 'It opens every stored secret.');
  return exchangeFinding(await needsOf(deps));
}

function exchangeFinding({ sealed, auditChains, apiKeys, seconds }: MasterKeyNeeds): Finding {
  const needing = [
    ...(sealed > 0 ? [`sealed secrets (${sealed})`] : []),
    ...(auditChains > 0 ? [`audit chains (${auditChains})`] : []),
    ...(apiKeys > 0 ? [`API keys (${apiKeys})`] : []),
  ];
  if (needing.length > 0) {
    return warn(
      'master-key',
      `MASTER_KEY_PREVIOUS is still needed: ${needing.join(', ')}.`,
      'Keep it while the service brings them under MASTER_KEY; API keys go there by being shown: revoke those that nobody uses.',
    );
  }
  const days = Math.ceil(seconds / DAY_SECONDS);
  return ok(
    'master-key',
    `It opens every stored secret. MASTER_KEY_PREVIOUS can go ${days} days after the last process got this MASTER_KEY: sessions that nobody refreshes and mailed links last that long.`,
  );
}

/** Under a key that is none of those that are known. */
async function sealedElsewhere({ sealedSecrets, keyRing }: MasterKeyFindingDeps): Promise<number> {
  const known = keyRing.keys('secret-box').map(({ id }) => id);
  const counts = await Promise.all(SEALED_KINDS.map((kind) => sealedSecrets.count(kind)));
  return counts.reduce((sum, count) => sum + others(count, known), 0);
}

async function apiKeysElsewhere({ apiKeyDirectory, keyRing, clock }: MasterKeyFindingDeps): Promise<number> {
  // A digest says nothing of its key unless it was made while that was being exchanged.
  const known = ['', ...keyRing.keys('secret-digest').map(({ id }) => id)];
  return others(await apiKeyDirectory.countLive(clock.now()), known);
}

function others(counts: ReadonlyMap<string, number>, known: readonly string[]): number {
  return [...counts].reduce((sum, [key, count]) => (known.includes(key) ? sum : sum + count), 0);
}

function needsOf({ keyRing, ...ports }: MasterKeyFindingDeps): Promise<MasterKeyNeeds> {
  const secretBox = new AesGcmSecretBox(keyRing);
  const [secretIssuer, attester] = [new HmacSecretIssuer(keyRing), new HmacAttester(keyRing)];
  return new ReadMasterKeyNeeds({ ...ports, secretBox, secretIssuer, attester }).execute();
}
