import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changedSettings,
  defaultProjectSettings,
  type ProjectSettingsPatch,
  platformProjectSettings,
} from '../../src/domain/project/project-settings.ts';
import { aProject } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';

const change = (patch: ProjectSettingsPatch) => changedSettings(defaultProjectSettings, patch);

describe('project settings', () => {
  it('merge as deep as they are, and leave what was not named', () => {
    const changed = change({
      userLimit: 10,
      passwordPolicy: { minLength: 15 },
      rateLimits: { login: { limit: 3 } },
    });

    expect(changed).toEqual({
      ...defaultProjectSettings,
      userLimit: 10,
      passwordPolicy: { ...defaultProjectSettings.passwordPolicy, minLength: 15 },
      rateLimits: { ...defaultProjectSettings.rateLimits, login: { limit: 3, windowSeconds: 60 } },
    });
  });

  it('replace lists as a whole', () => {
    const first = change({ ipRules: { allow: ['10.0.0.0/8', '192.0.2.1'], deny: ['10.1.0.0/16'] } });
    const second = changedSettings(first, { ipRules: { allow: ['192.0.2.2'] } });

    expect(second.ipRules).toEqual({ allow: ['192.0.2.2'], deny: ['10.1.0.0/16'] });
  });

  it('can take a limit back with null', () => {
    expect(changedSettings(change({ userLimit: 10 }), { userLimit: null }).userLimit).toBeNull();
  });

  it('know no names but their own', () => {
    const hostile = JSON.parse('{"__proto__": {"platform": true}, "constructor": 1, "extra": true}');

    expect(change(hostile)).toEqual(defaultProjectSettings);
    expect(Object.keys(change(hostile))).toEqual(Object.keys(defaultProjectSettings));
  });

  it('are not changed in place', () => {
    const before = structuredClone(defaultProjectSettings);
    change({ rateLimits: { login: { limit: 3 } }, firewallRules: [{ action: 'deny', path: '/x' }] });

    expect(defaultProjectSettings).toEqual(before);
  });

  it.each<[ProjectSettingsPatch, ProjectSettingsPatch, string]>([
    [{ userLimit: 0 }, { userLimit: -1 }, 'settings.userLimit'],
    [{ accessTokenTtlSeconds: 30 }, { accessTokenTtlSeconds: 29 }, 'settings.accessTokenTtlSeconds'],
    [{ accessTokenTtlSeconds: 86_400 }, { accessTokenTtlSeconds: 86_401 }, 'settings.accessTokenTtlSeconds'],
    [{ refreshIdleTtlSeconds: 60 }, { refreshIdleTtlSeconds: 59 }, 'settings.refreshIdleTtlSeconds'],
    [{ refreshAbsoluteTtlSeconds: 60 }, { refreshAbsoluteTtlSeconds: 59 }, 'settings.refreshAbsoluteTtlSeconds'],
    [{ refreshGraceSeconds: 60 }, { refreshGraceSeconds: 61 }, 'settings.refreshGraceSeconds'],
    [{ passwordPolicy: { minLength: 8 } }, { passwordPolicy: { minLength: 7 } }, 'settings.passwordPolicy.minLength'],
    [
      { passwordPolicy: { minLength: 128 } },
      { passwordPolicy: { minLength: 129 } },
      'settings.passwordPolicy.minLength',
    ],
    [
      { rateLimits: { general: { limit: 1 } } },
      { rateLimits: { general: { limit: 0 } } },
      'settings.rateLimits.general.limit',
    ],
    [
      { rateLimits: { register: { windowSeconds: 86_400 } } },
      { rateLimits: { register: { windowSeconds: 86_401 } } },
      'settings.rateLimits.register.windowSeconds',
    ],
  ])('take %j and refuse %j', (good, bad, field) => {
    expect(() => change(good)).not.toThrow();
    expect(refusalOf(() => change(bad))).toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field }] },
    });
  });

  it('name every field that is out of range', () => {
    const refused = refusalOf(() => change({ accessTokenTtlSeconds: 1, refreshGraceSeconds: 99 }));

    expect(refused).toMatchObject({
      details: {
        violations: [
          { field: 'settings.accessTokenTtlSeconds', code: 'TOO_SMALL' },
          { field: 'settings.refreshGraceSeconds', code: 'TOO_BIG' },
        ],
      },
    });
  });

  it('make nobody an owner who joins', () => {
    expect(change({ defaultRole: 'member' }).defaultRole).toBe('member');
    expect(refusalOf(() => change({ defaultRole: 'owner' }))).toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'settings.defaultRole', code: 'NOT_ALLOWED' }] },
    });
  });

  it('end up the same whether two changes come at once or one after the other', () => {
    const patch = fc.record(
      {
        v1Enabled: fc.boolean(),
        accessTokenTtlSeconds: fc.integer({ min: 30, max: 86_400 }),
        passwordPolicy: fc.record({ minLength: fc.integer({ min: 8, max: 128 }) }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(patch, patch, (first, second) => {
        const passwordPolicy = { ...first.passwordPolicy, ...second.passwordPolicy };
        expect(changedSettings(change(first), second)).toEqual(change({ ...first, ...second, passwordPolicy }));
      }),
    );
  });

  it('start within their own ranges', () => {
    expect(changedSettings(platformProjectSettings, {})).toEqual(platformProjectSettings);
    expect(platformProjectSettings).toMatchObject({
      v1Enabled: true,
      selfServiceTenants: true,
      emailVerificationRequired: false,
      refreshGraceSeconds: 10,
      passwordPolicy: { minLength: 12 },
    });
  });
});

describe('project', () => {
  it('changes as a whole or not at all', () => {
    const now = new Date();
    const { project } = aProject(now);
    project.releaseEvents();
    const before = project.toState();

    expect(() => project.change({ name: 'New', settings: { userLimit: -1 } }, now)).toThrowError('validation-error');
    expect(project.toState()).toEqual(before);
    expect(project.releaseEvents()).toEqual([]);

    const later = secondsAfter(now, 5);
    project.change({ name: 'New', settings: { userLimit: 5 } }, later);
    expect(project.toState()).toMatchObject({ name: 'New', updatedAt: later, settings: { userLimit: 5 } });
    expect(project.releaseEvents().map(({ type }) => type)).toEqual(['project-changed']);
  });
});
