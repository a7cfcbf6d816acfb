import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openPostgres } from '../../src/adapters/persistence/index.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';

describeWithPostgres('the load of a pool', () => {
  it('is how many connections are open, idle and waited for, of how many at most', async () => {
    const { database, load, close } = openPostgres({ url: (await freshDatabase()).url, poolSize: 2 });
    try {
      expect(load()).toEqual({ open: 0, idle: 0, waiting: 0, most: 2 });
      const statements = [1, 2, 3].map(() => database.execute(sql`select pg_sleep(0.2)`));
      await expect.poll(load, { interval: 10 }).toMatchObject({ waiting: 1 });
      await Promise.all(statements);
      expect(load()).toEqual({ open: 2, idle: 2, waiting: 0, most: 2 });
    } finally {
      await close();
    }
  });
});
