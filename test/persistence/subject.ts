import { asc } from 'drizzle-orm';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { type Database, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { auditRecords } from '../../src/adapters/persistence/schema/audit-records.ts';
import type { AuditEntry } from '../../src/ports/audit-trail.ts';
import type { StoreSubject } from '../contracts/subject.ts';

/** What the contracts ask for, on a database that is empty. */
export function subjectOn(database: Database, dispose: () => Promise<void>): StoreSubject {
  return {
    ...persistencePorts(database, { idGenerator: new UuidV7Generator() }),
    async auditRecords() {
      const rows = await database.rows(database.drizzle.select().from(auditRecords).orderBy(asc(auditRecords.id)));
      return rows.map(
        ({ id: _, before, after, metadata, ...row }): AuditEntry => ({
          ...row,
          ...(before && { before }),
          ...(after && { after }),
          ...(metadata && { metadata }),
        }),
      );
    },
    dispose,
  };
}
