const os = require('node:os') as typeof import('node:os');

// The pool reads its size once, when it is first used; loading an ES module uses it. Two threads beyond the hashes.
process.env.UV_THREADPOOL_SIZE ??= String(os.availableParallelism() + 2);
void import('./main.ts');
