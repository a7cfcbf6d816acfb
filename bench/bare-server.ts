import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';

/** What the parts alone can do: routes without anything around them, and one prepared read behind one of them. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const answer = { valid: true, text: 'x'.repeat(600) };

const app = new Hono();
app.get('/bare', (c) => c.json(answer));
app.post('/bare', async (c) => {
  await c.req.json();
  return c.json(answer);
});
app.get('/read/:id', async (c) => {
  const { rows } = await pool.query({
    name: 'bare_user',
    text: 'select * from users where project_id = $1 and id = $2',
    values: [c.req.query('project'), c.req.param('id')],
  });
  return c.json(rows[0]);
});

createAdaptorServer({ fetch: app.fetch }).listen(Number(process.env.PORT), '127.0.0.1');
