import pg from 'pg';

const CONNECTIONS = 10;
const ROWS = 1_000;

/** A read by key, and the rotation of a row in one statement, prepared, with nothing around them. */
export async function postgresLimits(
  databaseUrl: string,
  seconds: number,
): Promise<{ readonly readsPerSecond: number; readonly rotationsPerSecond: number }> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  try {
    await pool.query(
      'create table if not exists bare_rows (id integer primary key, generation integer, rotated_at timestamptz) with (fillfactor = 70)',
    );
    await pool.query('insert into bare_rows select n, 0, now() from generate_series(1, $1) n on conflict do nothing', [
      ROWS,
    ]);
    const statement = (name: string, text: string) => (id: number) => pool.query({ name, text, values: [id] });
    const read = statement('bare_read', 'select * from bare_rows where id = $1');
    const rotate = statement(
      'bare_rotation',
      'update bare_rows set generation = generation + 1, rotated_at = now() where id = $1',
    );
    return {
      readsPerSecond: await perSecond(seconds, read),
      rotationsPerSecond: await perSecond(seconds, rotate),
    };
  } finally {
    await pool.end();
  }
}

async function perSecond(seconds: number, run: (id: number) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() < startedAt + seconds * 1000) {
      done += 1;
      await run(1 + (done % ROWS));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return (done * 1000) / (performance.now() - startedAt);
}
