import { open, rename, rm } from 'node:fs/promises';
import type { Shell } from './shell.ts';

/** Where lines go, one after the other, no faster than they are taken. */
export interface LineSink {
  write(line: string): Promise<void>;
  /** Everything is there. */
  close(): Promise<void>;
  /** It ends in the middle. */
  abandon(): Promise<void>;
}

const CHUNK_LENGTH = 64 * 1024;
/** Nobody else's to read. */
const MODE = 0o600;

/** Lines together, since each by itself costs a call. */
function gathered(
  put: (text: string) => Promise<void>,
  close: () => Promise<void>,
  abandon: () => Promise<void>,
): LineSink {
  let text = '';
  const flush = async () => {
    const chunk = text;
    text = '';
    if (chunk !== '') await put(chunk);
  };
  return {
    async write(line) {
      text += `${line}\n`;
      if (text.length >= CHUNK_LENGTH) await flush();
    },
    async close() {
      await flush();
      await close();
    },
    abandon,
  };
}

/** A file for the operator alone, which takes the place of an earlier one. */
export async function fileSink(path: string): Promise<LineSink> {
  const file = await open(path, 'w', MODE);
  // One that was there keeps its mode.
  await file.chmod(MODE);
  return gathered(
    (text) => file.appendFile(text),
    () => file.close(),
    () => file.close(),
  );
}

/** As `fileSink`; it has its name once it is whole, so that half a list is never taken for all of it. */
export async function wholeFileSink(path: string): Promise<LineSink> {
  const partial = `${path}.partial`;
  const sink = await fileSink(partial);
  return {
    ...sink,
    async close() {
      await sink.close();
      await rename(partial, path);
    },
    async abandon() {
      await sink.abandon();
      await rm(partial, { force: true });
    },
  };
}

export function outputSink({ out, drained = async () => {} }: Shell): LineSink {
  const put = async (text: string) => {
    out(text);
    await drained();
  };
  return gathered(
    put,
    async () => {},
    async () => {},
  );
}
