import { randomBytes } from 'node:crypto';
import { attesting } from '../../src/adapters/container/attesting.ts';
import { cryptoPorts } from '../../src/adapters/container/crypto-ports.ts';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { OWASP_ARGON2_PARAMETERS } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { OWNER_EMAIL, PASSWORD } from '../support/an-iam.ts';
import { SettableClock, secondsAfter } from '../support/clock.ts';
import { freshDatabase } from '../support/databases.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { runCommand } from './run-command.ts';

const DAY = 24 * 60 * 60;
const PUBLIC_URL = 'http://localhost:3000';

export type Installation = Awaited<ReturnType<typeof anInstallation>>;

/** A platform in a database, as the use cases see it and as the command line does. It was installed some days ago. */
export async function anInstallation({ days }: { readonly days: number } = { days: 1 }) {
  const { url } = await freshDatabase(migratedTemplate);
  const clock = new SettableClock(secondsAfter(new Date(), -days * DAY));
  const opened = openInstallation(url, randomBytes(32), clock);
  const owner = { email: OWNER_EMAIL, password: PASSWORD };
  const { project: platform } = await opened.iam.projects.installPlatform.execute(OPERATOR, owner);
  return { ...opened, platform };
}

/** Whatever is in the database. */
export function openInstallation(url: string, masterKey: Buffer, clock = new SettableClock()) {
  const connection = openPostgres({ url });
  const keyRing = new KeyRing(masterKey);
  const idGenerator = new UuidV7Generator();
  const persistence = persistencePorts(connection.database, { idGenerator, attested: attesting(keyRing) });
  const { signingKeyDirectory } = persistence;
  const hash = { parameters: OWASP_ARGON2_PARAMETERS, concurrency: 1, queue: 64 };
  const iam = createIam({
    ...memoryPorts({ clock }),
    ...persistence,
    ...cryptoPorts({ keyRing, hash, signingKeyDirectory, publicUrl: PUBLIC_URL, clock }),
    passwordHasher: aQuickHasher(),
    idGenerator,
    clock,
  });
  const environment = { DATABASE_URL: url, MASTER_KEY: masterKey.toString('base64') };
  return {
    iam,
    clock,
    url,
    masterKey,
    database: connection.database,
    environment,
    run: (...args: readonly string[]) => runCommand(environment, ...args),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}
