import { AesGcmSecretBox } from '../../src/adapters/crypto/aes-gcm-secret-box.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { openPostgres } from '../../src/adapters/persistence/index.ts';
import { sealedSecrets } from '../../src/adapters/persistence/sealed-secrets.ts';
import { ResealSecrets } from '../../src/application/sealing/reseal-secrets.ts';

/** A process that seals everything anew: it says so after every step, and takes the next one when it is told to. */
const [url = '', present = '', previous = ''] = process.argv.slice(2);
const keyRing = new KeyRing(Buffer.from(present, 'base64'), Buffer.from(previous, 'base64'));
const { database } = openPostgres({ url });
const resealing = new ResealSecrets({
  sealedSecrets: sealedSecrets(database),
  secretBox: new AesGcmSecretBox(keyRing),
});
await resealing.execute(async (progress) => {
  process.send?.(progress);
  await new Promise((resolve) => process.once('message', resolve));
  return true;
});
