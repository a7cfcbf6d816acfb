import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HttpKey } from '../../src/adapters/http/environment.ts';
import { CursorCodec } from '../../src/adapters/http/v1/cursor.ts';
import { ProjectId } from '../../src/domain/project/project.ts';
import { anId } from '../support/builders.ts';

const key = [randomBytes(32)] as const;
const codec = (list: string, secret: HttpKey = key) => new CursorCodec(secret, list, ProjectId);
const refused = expect.objectContaining({ code: 'invalid-cursor' });

describe('a cursor', () => {
  it('leads back to the id that it was made from', () => {
    const id = anId<ProjectId>();
    expect(codec('a').read(codec('a').after(id))).toBe(id);
  });

  it('is of no use in another list', () => {
    const cursor = codec('projects of a').after(anId());
    expect(() => codec('projects of b').read(cursor)).toThrow(refused);
  });

  it('is of no use under another key', () => {
    const cursor = codec('a').after(anId());
    expect(() => codec('a', [randomBytes(32)]).read(cursor)).toThrow(refused);
  });

  it('that another process made with a key of the same exchange leads there, and comes back as its own', () => {
    const id = anId<ProjectId>();
    const [old, young] = [randomBytes(32), randomBytes(32)];
    for (const keys of [
      [young, old],
      [old, young],
    ] as const) {
      for (const maker of [old, young]) {
        const cursor = codec('a', [maker]).after(id);
        expect(codec('a', keys).read(cursor)).toBe(id);
        expect(codec('b', keys).read.bind(codec('b', keys), cursor)).toThrow(refused);
      }
      expect(codec('a', keys).after(id)).toBe(codec('a', [keys[0]]).after(id));
    }
  });

  it('is refused after any single change, and with anything added', () => {
    const cursor = codec('a').after(anId());
    const changed = [...cursor].map(
      (letter, at) => cursor.slice(0, at) + (letter === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    );
    for (const other of [...changed, `${cursor}=`, `${cursor}A`, `${cursor}!`, cursor.slice(1), cursor.slice(0, -1)]) {
      expect(() => codec('a').read(other), other).toThrow(refused);
    }
  });

  it.each(['', 'x', '....', 'null', 'A'.repeat(1000)])('is refused when nobody made it: %j', (cursor) => {
    expect(() => codec('a').read(cursor)).toThrow(refused);
  });

  it('does not show the key of the next page in the clear', () => {
    const id = anId<ProjectId>();
    expect(codec('a').after(id)).not.toContain(id);
  });
});
