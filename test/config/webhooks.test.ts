import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';

describe('ALLOW_PRIVATE_WEBHOOKS', () => {
  it('is asked for: webhooks go to the open network alone unless it is true', () => {
    expect(readConfig(false, {}).allowPrivateWebhooks).toBe(false);
    expect(readConfig(false, { ALLOW_PRIVATE_WEBHOOKS: 'true' }).allowPrivateWebhooks).toBe(true);
    expect(() => readConfig(false, { ALLOW_PRIVATE_WEBHOOKS: 'yes' })).toThrow('ALLOW_PRIVATE_WEBHOOKS');
  });

  it('is not what is said of providers', () => {
    expect(readConfig(false, { ALLOW_PRIVATE_PROVIDERS: 'true' }).allowPrivateWebhooks).toBe(false);
  });
});

describe('EVENT_RETENTION_DAYS', () => {
  it('is thirty days when nothing is said', () => {
    expect(readConfig(false, {}).eventRetentionDays).toBe(30);
    expect(readConfig(false, { EVENT_RETENTION_DAYS: '7' }).eventRetentionDays).toBe(7);
  });

  it.each(['0', '6', '3651', '-1', '7.5', 'month'])('cannot be %s: nothing goes while it is still tried', (given) => {
    expect(() => readConfig(false, { EVENT_RETENTION_DAYS: given })).toThrow(
      'EVENT_RETENTION_DAYS: a whole number from 7 to 3650 is needed',
    );
  });
});
