const fs = require('node:fs') as typeof import('node:fs');
const os = require('node:os') as typeof import('node:os');

// The pool reads its size once, when it is first used; loading an ES module uses it. Two threads beyond the hashes.
process.env.UV_THREADPOOL_SIZE ??= String(os.availableParallelism() + 2);

const NICE = 10;

/** The threads that hash give way to the one that answers, where threads have priorities of their own. */
function yieldToEventLoop(): void {
  const threads = () => fs.readdirSync('/proc/self/task');
  const others = new Set(threads());
  fs.stat('/', () => {
    for (const thread of threads().filter((id) => !others.has(id))) {
      try {
        os.setPriority(Number(thread), NICE);
      } catch {
        // A sandbox that forbids it is no reason not to start.
      }
    }
  });
}

if (process.platform === 'linux') yieldToEventLoop();
