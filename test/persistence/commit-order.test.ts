import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { IamError } from '../../src/domain/errors.ts';
import { attested } from '../support/attested.ts';
import { aChallenge } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { migratedTemplate } from './template.ts';

const ROUNDS = 20;

describeWithPostgres('commits that want the same rows', () => {
  const now = new Date();

  /** Sixteen at once, again and again: those who spend one challenge of a person, and those who discard them all. */
  async function contend(url: string): Promise<void> {
    const { database, close } = openPostgres({ url });
    const { unitOfWork } = persistencePorts(database, { idGenerator: new UuidV7Generator(), attested });
    const place = await seedProject(unitOfWork, now);
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await seedUser(unitOfWork, now, place);
      const ids = { projectId: place.projectId, userId: user.id };
      const challenges = Array.from({ length: 14 }, () => aChallenge(now, ids));
      await unitOfWork.run(async ({ signInChallenges }) => {
        for (const challenge of challenges) signInChallenges.save(challenge);
      });
      const { refused } = await sixteenAtOnce((index) =>
        unitOfWork.run(async ({ users, signInChallenges }) => {
          const person = await users.byId(place.projectId, user.id);
          if (!person) throw new Error('not seeded');
          const state = challenges[index]?.toState();
          if (state) {
            const challenge = await signInChallenges.byDigest(place.projectId, state.kind, [state.digest]);
            if (!challenge) throw new IamError('token-invalid');
            signInChallenges.spend(challenge);
            person.signedIn(`way ${index}`);
            users.touch(person);
          } else {
            signInChallenges.discard(place.projectId, user.id);
            person.endSessions(now);
            users.save(person);
          }
        }),
      );
      for (const error of refused)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(token-invalid|conflict)$/) });
    }
    await close();
  }

  it('take them in one order: they never wait for each other in a ring', async () => {
    await using contended = await freshDatabase(migratedTemplate);
    await using onlooking = await freshDatabase();
    await contend(contended.url);

    const onlooker = openPostgres({ url: onlooking.url, poolSize: 1 });
    const name = new URL(contended.url).pathname.slice(1);
    const counted = async () => {
      const [row] = await onlooker.database.execute<{ deadlocks: number; connections: number }>(
        sql`select deadlocks::integer, numbackends as connections from pg_stat_database where datname = ${name}`,
      );
      return row;
    };
    // A connection reports when it goes.
    await expect.poll(counted).toMatchObject({ connections: 0 });
    expect(await counted()).toMatchObject({ deadlocks: 0 });
    await onlooker.close();
  });
});
