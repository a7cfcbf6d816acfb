import pg from 'pg';
import { expect, it } from 'vitest';
import { describeWithPostgres, freshDatabase } from './databases.ts';

const query = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

describeWithPostgres('the databases of the tests', () => {
  it('are empty and one’s own', async () => {
    await using one = await freshDatabase();
    await using other = await freshDatabase();
    await query(one.url, 'create table mine ()');
    expect(await query(other.url, "select to_regclass('mine') is null as absent")).toEqual([{ absent: true }]);
  });

  it('are copies of a template that is prepared once, however many ask', async () => {
    let prepared = 0;
    const template = {
      name: 'filled',
      prepare: async (url: string) => {
        prepared += 1;
        await query(url, 'create table filled as select 42 as answer');
      },
    };
    const copies = await Promise.all(Array.from({ length: 8 }, () => freshDatabase(template)));
    for (const { url } of copies) expect(await query(url, 'select answer from filled')).toEqual([{ answer: 42 }]);
    await Promise.all(copies.map((copy) => copy[Symbol.asyncDispose]()));
    expect(prepared).toBe(1);
  });
});
