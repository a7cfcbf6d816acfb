import { describe, expect, it } from 'vitest';
import { progress } from '../../src/cli/progress.ts';

function shell(watched: boolean) {
  const said: string[] = [];
  return { said, out: () => {}, error: (text: string) => void said.push(text), terminal: false, watched };
}

const work = (shown: ReturnType<typeof progress>) => {
  for (let count = 1; count <= 25_000; count += 1) shown.show(count, () => `${count} done`, count / 50_000);
  shown.end();
};

describe('progress', () => {
  it('is a bar that is redrawn in its place, and gone at the end, where somebody is looking', () => {
    const to = shell(true);
    work(progress(to, {}));
    expect(to.said[0]).toBe(`\r\u001b[2K${'░'.repeat(30)} 0% 1 done`);
    expect(to.said.at(-1)).toBe('\r\u001b[2K');
    expect(to.said.join('')).not.toContain('\n');
    // Redrawn by time, not by every line.
    expect(to.said.length).toBeLessThan(1000);
  });

  it('says how far it is where nobody knows the end', () => {
    const to = shell(true);
    progress(to, {}).show(7, () => '7 done');
    expect(to.said).toEqual(['\r\u001b[2K7 done']);
  });

  it('is a line now and then where nobody is looking', () => {
    const to = shell(false);
    work(progress(to, {}));
    expect(to.said).toEqual(['10000 done\n', '20000 done\n']);
  });

  it('is nothing beside JSON', () => {
    const to = shell(true);
    work(progress(to, { json: true }));
    expect(to.said).toEqual([]);
  });
});
