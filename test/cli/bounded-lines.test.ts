import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedLines } from '../../src/cli/bounded-lines.ts';
import { collected } from '../support/import-lines.ts';

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, place] of places.slice(1).entries()) yield bytes.subarray(places[index], place);
}

const linesOf = async (text: string, { most = 100, cuts = [] as readonly number[] } = {}) =>
  (await collected(boundedLines(inPieces(text, cuts), most))).map(({ line, bytes }) => [line, bytes?.toString()]);

describe('the lines of a file', () => {
  it('are counted from 1, with or without an end of the last one', async () => {
    expect(await linesOf('a\n\nb')).toEqual([
      [1, 'a'],
      [2, ''],
      [3, 'b'],
    ]);
    expect(await linesOf('a\n')).toEqual([[1, 'a']]);
    expect(await linesOf('')).toEqual([]);
  });

  it('are the same however they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat()), async (parts, cuts) => {
        const text = parts.join('\n');
        expect(await linesOf(text, { most: 1000, cuts })).toEqual(await linesOf(text, { most: 1000 }));
      }),
    );
  });

  it('may be as long as they may be, and one that is longer is passed over', async () => {
    const cuts = [3, 7, 15];
    expect(await linesOf(`${'x'.repeat(10)}\n${'y'.repeat(11)}\nz`, { most: 10, cuts })).toEqual([
      [1, 'x'.repeat(10)],
      [2, undefined],
      [3, 'z'],
    ]);
    expect(await linesOf('y'.repeat(11), { most: 10, cuts })).toEqual([[1, undefined]]);
  });
});
