import type { Housekeeping } from '../../../ports/housekeeping.ts';
import type { Database } from '../database.ts';
import { makeAuditPartitions } from './audit-partitions.ts';
import { awaitingRecord } from './awaiting-record.ts';
import type { Sweep } from './sweep.ts';
import { sweepExpired } from './sweep-expired.ts';
import { sweepInvitations } from './sweep-invitations.ts';
import { sessionSweeper } from './sweep-sessions.ts';
import { sweepUnprovenAccounts } from './sweep-unproven-accounts.ts';

export function housekeeping(database: Database): Housekeeping {
  const sweeps: readonly Sweep[] = [
    sessionSweeper(database),
    ...sweepExpired(database),
    sweepInvitations(database),
    sweepUnprovenAccounts(database),
  ];
  return {
    async sweep(now, batchSize) {
      await makeAuditPartitions(database, now);
      let swept = 0;
      for (const sweep of sweeps) {
        if (swept < batchSize) swept += await sweep(now, batchSize - swept);
      }
      return swept;
    },
    awaitingRecord: awaitingRecord(database),
  };
}
