import type { Shell } from './shell.ts';

/** Where lines go, one after the other, no faster than they are taken. */
export interface LineSink {
  write(line: string): Promise<void>;
  /** Everything is there. */
  close(): Promise<void>;
  /** It ends in the middle. */
  abandon(): Promise<void>;
}

interface Taker {
  put(text: string): Promise<void>;
  close(): Promise<void>;
  abandon(): Promise<void>;
}

const CHUNK_LENGTH = 64 * 1024;

/** Lines together, since each by itself costs a call. */
export function gathered({ put, close, abandon }: Taker): LineSink {
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

/** Closes what was filled, and abandons what was not. */
export async function filled<T>(sink: LineSink, fill: (sink: LineSink) => Promise<T>): Promise<T> {
  try {
    const answer = await fill(sink);
    await sink.close();
    return answer;
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

export function outputSink({ out, drained = async () => {} }: Shell): LineSink {
  return gathered({
    async put(text) {
      out(text);
      await drained();
    },
    close: async () => {},
    abandon: async () => {},
  });
}

/** Takes lines that nobody asked for. */
export const noSink: LineSink = {
  write: async () => {},
  close: async () => {},
  abandon: async () => {},
};
