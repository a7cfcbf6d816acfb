import type { Shell } from './shell.ts';

/** Says how far a long work is. */
export interface Progress {
  /** `share`: of the whole, from 0 to 1, where that is known. */
  show(count: number, text: () => string, share?: number): void;
  /** What was shown is out of the way. */
  end(): void;
}

const REDRAWN_MS = 100;
const WIDTH = 30;
const EVERY = 10_000;

const ERASE_LINE = '\r\u001b[2K';

/**
 * A bar that is redrawn where somebody is looking, a line now and then where nobody is, and nothing beside JSON. It leaves
 * standard input alone, which may be the file; libraries that draw bars take it for a keyboard.
 */
export function progress({ watched = false, error }: Shell, { json }: { readonly json?: true }): Progress {
  if (json) return { show() {}, end() {} };
  return watched ? bar(error) : plainLines(error);
}

function bar(draw: (text: string) => void): Progress {
  let drawnAt = 0;
  return {
    show(_, text, share) {
      const now = performance.now();
      if (now - drawnAt < REDRAWN_MS) return;
      drawnAt = now;
      draw(`${ERASE_LINE}${share === undefined ? '' : `${meter(share)} `}${text()}`);
    },
    end() {
      if (drawnAt > 0) draw(ERASE_LINE);
    },
  };
}

function meter(share: number): string {
  const full = Math.round(Math.min(share, 1) * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(share * 100)}%`;
}

function plainLines(say: (text: string) => void): Progress {
  return {
    show(count, text) {
      if (count % EVERY === 0) say(`${text()}\n`);
    },
    end() {},
  };
}
