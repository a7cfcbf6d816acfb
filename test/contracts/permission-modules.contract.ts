import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Permission } from '../../src/domain/role/permission.ts';
import type { PermissionModule } from '../../src/domain/role/permission-module.ts';
import type { PermissionModuleRepository } from '../../src/ports/repositories/permission-module-repository.ts';
import { anAuditEntry } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aModule } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What applications register in a project. */
export function describePermissionModulesContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`permission modules: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 5);
    let subject: StoreSubject;
    let place: Place;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const save = (module: PermissionModule) => run(async ({ permissionModules }) => permissionModules.save(module));
    const find = async (module: string, at = place) =>
      (await run(({ permissionModules }) => permissionModules.byName(at.projectId, module)))?.toState();

    it('come back as they were installed, by name, in their project alone', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const [crm, billing, foreign] = [
        aModule(now, place, 'crm', ['crm.read', 'crm:write']),
        aModule(now, place, 'a-billing', []),
        aModule(now, elsewhere, 'crm', ['crm.other']),
      ];
      for (const module of [crm, billing, foreign]) await save(module);

      const expected = [billing, crm].map((module) => module.toState());
      expect(await subject.permissionModuleDirectory.ofProject(place.projectId)).toEqual(expected);
      const read = await run(({ permissionModules }) => permissionModules.ofProject(place.projectId));
      expect(read.map((module) => module.toState())).toEqual(expected);
      expect(await find('crm')).toEqual(crm.toState());
      expect(await find('crm', elsewhere)).toEqual(foreign.toState());
      expect(await find('cr')).toBeUndefined();
    });

    it('are installed once: of sixteen at once one is there', async () => {
      const { succeeded, refused } = await sixteenAtOnce(async (index) => {
        const module = aModule(now, place, 'crm', [`crm.release${index}`]);
        await save(module);
        return module.toState();
      });

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'conflict' });
      expect(await find('crm')).toEqual(succeeded[0]);
    });

    it('are replaced by another release, and removed', async () => {
      await save(aModule(now, place, 'crm', ['crm.read']));
      await run(async ({ permissionModules }) => {
        const module = await permissionModules.byName(place.projectId, 'crm');
        if (!module) throw new Error('not seeded');
        module.replace(aModule(later, place, 'crm', ['crm.list', 'crm.read']), later);
        permissionModules.save(module);
      });
      expect(await find('crm')).toMatchObject({
        permissions: [{ name: 'crm.list' }, { name: 'crm.read' }],
        createdAt: now,
        updatedAt: later,
      });

      await run(async ({ permissionModules }) => {
        const module = await permissionModules.byName(place.projectId, 'crm');
        if (module) permissionModules.remove(module);
      });
      expect(await find('crm')).toBeUndefined();
    });

    describe('put to use by a role', () => {
      const entry = () => anAuditEntry(now, { projectId: place.projectId });
      /** One who uses the names, held up between their reading and their commit. */
      const using = (names: readonly string[], meanwhile: () => Promise<void> = async () => {}) =>
        run(async ({ permissionModules, audit }) => {
          const module = await permissionModules.byName(place.projectId, 'crm');
          if (!module) throw new Error('gone');
          permissionModules.use(module, names as readonly Permission[]);
          audit.record(entry());
          await meanwhile();
        });
      const changing = (change: (module: PermissionModule, all: PermissionModuleRepository) => void) =>
        run(async ({ permissionModules }) => {
          const module = await permissionModules.byName(place.projectId, 'crm');
          if (module) change(module, permissionModules);
        });
      const release = (names: readonly string[]) =>
        changing((module, all) => {
          module.replace(aModule(later, place, 'crm', names), later);
          all.save(module);
        });

      beforeEach(() => save(aModule(now, place, 'crm', ['crm.read', 'crm.write'])));

      it('stay what they are', async () => {
        const before = await find('crm');
        await using(['crm.read', 'crm.*']);
        expect(await find('crm')).toEqual(before);
      });

      it('are there still, or the commit fails', async () => {
        const removed = () => changing((module, all) => all.remove(module));
        await expect(using(['crm.read'], removed)).rejects.toThrow('gone');
        expect(await subject.auditRecords()).toEqual([]);
      });

      it('register the names still, or the commit fails', async () => {
        const { reruns, done } = countedRuns(() => release(['crm.write']));
        await expect(done(using, ['crm.read'])).rejects.toMatchObject({ code: 'conflict' });
        expect(reruns()).toBe(4);
        expect(await subject.auditRecords()).toEqual([]);
      });

      it('may register more or less of what is not used', async () => {
        const { reruns, done } = countedRuns(() => release(['crm.read', 'crm.list']));
        await done(using, ['crm.read', 'crm.*']);
        expect(reruns()).toBe(1);
      });

      it('are used by sixteen at once, none of whom makes another fail', async () => {
        const { reruns, done } = countedRuns(async () => {});
        const { succeeded } = await sixteenAtOnce(() => done(using, ['crm.read', 'crm.*']));
        expect(succeeded).toHaveLength(16);
        expect(reruns()).toBe(16);
      });

      it.each([
        ['removed', (module: PermissionModule, all: PermissionModuleRepository) => all.remove(module)],
        [
          'replaced',
          (module: PermissionModule, all: PermissionModuleRepository) => {
            module.replace(aModule(later, place, 'crm', ['crm.write']), later);
            all.save(module);
          },
        ],
      ])('are not %s by whoever saw them before', async (_, change) => {
        let runs = 0;
        await run(async ({ permissionModules }) => {
          const module = await permissionModules.byName(place.projectId, 'crm');
          if (!module) throw new Error('not seeded');
          change(module, permissionModules);
          runs += 1;
          if (runs === 1) await using(['crm.read']);
        });
        expect(runs).toBe(2);
      });
    });
  });
}

/** Lets something happen before each commit of a use, and counts how often it was tried. */
function countedRuns(meanwhile: () => Promise<void>) {
  let runs = 0;
  return {
    reruns: () => runs,
    done: (
      using: (names: readonly string[], meanwhile: () => Promise<void>) => Promise<void>,
      names: readonly string[],
    ) =>
      using(names, async () => {
        runs += 1;
        await meanwhile();
      }),
  };
}
