import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PUBLIC_EVENT_TYPES } from '../../src/domain/webhook/public-events.ts';

it('the page about webhooks lists every event that there is, once, and no other', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
  const table = page.slice(page.indexOf('| Subject | Events |'));
  const listed = [...table.matchAll(/`([a-z-]+\.[a-z.-]+)`/g)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...PUBLIC_EVENT_TYPES].sort());
});
