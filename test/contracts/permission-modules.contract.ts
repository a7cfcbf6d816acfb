import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PermissionModule } from '../../src/domain/role/permission-module.ts';
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

    it('can be required to be there still: a role is never granted names of a module that goes meanwhile', async () => {
      await save(aModule(now, place, 'crm'));
      const work = run(async ({ permissionModules, audit, requireUnchanged }) => {
        const module = await permissionModules.byName(place.projectId, 'crm');
        if (!module) throw new Error('gone');
        requireUnchanged(module);
        audit.record(anAuditEntry(now, { projectId: place.projectId }));
        await run(async (inner) => {
          const same = await inner.permissionModules.byName(place.projectId, 'crm');
          if (same) inner.permissionModules.remove(same);
        });
      });

      await expect(work).rejects.toThrow('gone');
      expect(await subject.auditRecords()).toEqual([]);
    });
  });
}
