import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, persistencePorts } from '../../src/adapters/persistence/index.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { EmailAddress } from '../../src/domain/user/email-address.ts';
import { attested } from '../../test/support/attested.ts';
import type { Town } from './town.ts';

const LANES = 10;
const SAMPLE = 20_000;

export interface Lookups extends AsyncDisposable {
  /** Whoever holds an address, as a login asks: a second's worth. */
  people(seconds: number): Promise<number>;
  /** What a session rests on, as token checks and refreshes ask. */
  standings(seconds: number): Promise<number>;
}

/** The service's own reads, by the driver and the statements of the service, of rows from all over the town. */
export async function lookups(town: Town): Promise<Lookups> {
  const connection = openPostgres({ url: town.databaseUrl, poolSize: LANES });
  const { userDirectory, sessionDirectory } = persistencePorts(connection.database, {
    idGenerator: new UuidV7Generator(),
    attested,
  });
  const projectId = town.projectId as ProjectId;
  const addresses = await town.addresses(SAMPLE);
  const sessions = await town.sessions(SAMPLE);
  const person = (email: string) => userDirectory.byEmail(projectId, email as EmailAddress);
  const ids = sessions.map(({ id }) => id);
  return {
    people: (seconds) => perSecond(seconds, addresses, person),
    standings: (seconds) => perSecond(seconds, ids, (id) => sessionDirectory.standing(projectId, id)),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

async function perSecond<Key>(
  seconds: number,
  keys: readonly Key[],
  look: (key: Key) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  let found = 0;
  const lane = async () => {
    while (performance.now() < startedAt + seconds * 1000) {
      const key = keys[Math.floor(Math.random() * keys.length)];
      if (key === undefined || (await look(key)) === undefined) throw new Error('somebody is missing');
      found += 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return (found * 1000) / (performance.now() - startedAt);
}
