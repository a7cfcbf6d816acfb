import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { policyOf } from '../../src/adapters/container/policy.ts';
import { createIam } from '../../src/application/iam.ts';
import { defaultPolicy } from '../../src/application/policy.ts';
import { oldestKept } from '../../src/domain/audit/retention.ts';
import { aTrail } from '../support/audit-trail.ts';
import { SettableClock } from '../support/clock.ts';

const MONTH = 31 * 24 * 60 * 60;

describe('AUDIT_RETENTION_MONTHS', () => {
  it('is for ever where nothing is said, and a number of months otherwise', () => {
    expect(policyOf(readConfig(false, {}))).toEqual(defaultPolicy);
    expect(policyOf(readConfig(false, { AUDIT_RETENTION_MONTHS: '12' }))).toEqual({
      ...defaultPolicy,
      auditRetentionMonths: 12,
    });
  });

  it.each(['0', '1201', '-1', '1.5', 'year'])('cannot be %s', (AUDIT_RETENTION_MONTHS) => {
    expect(() => readConfig(false, { AUDIT_RETENTION_MONTHS })).toThrow(
      'AUDIT_RETENTION_MONTHS: a whole number from 1 to 1200 is needed',
    );
  });

  it('counts whole months, so that nothing goes too early', () => {
    expect(oldestKept(1, new Date('2026-03-31T23:59:59Z'))).toEqual(new Date('2026-02-01T00:00:00Z'));
    expect(oldestKept(12, new Date('2026-03-01T00:00:00Z'))).toEqual(new Date('2025-03-01T00:00:00Z'));
    expect(oldestKept(3, new Date('2026-01-15T12:00:00Z'))).toEqual(new Date('2025-10-01T00:00:00Z'));
  });

  it.each([
    [null, 1],
    [2, 0],
    [36, 1],
  ])('of %s leaves %i of a record of a year ago', async (auditRetentionMonths, left) => {
    const clock = new SettableClock();
    const ports = memoryPorts({ clock });
    const { audit } = createIam(ports, { ...defaultPolicy, auditRetentionMonths });
    const trail = await aTrail(ports);
    await trail.record(1);
    await audit.sealAuditRecords.execute(10);
    clock.advance(12 * MONTH);

    while ((await audit.forgetAuditRecords.execute(10)) > 0);
    expect(ports.store.auditRecords()).toHaveLength(left);
  });
});
