// Loaded into a measured process before anything else, and asked over its IPC channel. It is CommonJS so that it does
// not touch the thread pool, whose size is read when it is first used.
const { Socket } = require('node:net');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { isMainThread } = require('node:worker_threads');

/** The histogram counts from one timer to the next: what is beyond this is delay. */
const RESOLUTION_MS = 2;
const MEMORY_INTERVAL_MS = 100;
const [QUERY, EXECUTE] = Buffer.from('QE');

const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
let statements = 0;
let cpu = process.cpuUsage();
let rss = 0;
let sampling;

const { write } = Socket.prototype;
Socket.prototype.write = function counted(...parameters) {
  if (isStatement(parameters[0])) statements += 1;
  return write.apply(this, parameters);
};

/** What makes Postgres run something: a letter (`Query`, or `Execute` of what was prepared) and the length of the rest. */
function isStatement(message) {
  if (!Buffer.isBuffer(message) || message.length < 5) return false;
  return (message[0] === QUERY || message[0] === EXECUTE) && message.readUInt32BE(1) === message.length - 1;
}

function sample() {
  rss = Math.max(rss, process.memoryUsage.rss());
}

function begin() {
  statements = 0;
  rss = 0;
  sampling = setInterval(sample, MEMORY_INTERVAL_MS);
  loop.reset();
  loop.enable();
  cpu = process.cpuUsage();
}

function end() {
  const { user, system } = process.cpuUsage(cpu);
  loop.disable();
  clearInterval(sampling);
  sample();
  const loopDelayP99Ms = Math.max(0, loop.percentile(99) / 1e6 - RESOLUTION_MS);
  return { cpuMicros: user + system, statements, rssBytes: rss, loopDelayP99Ms };
}

// Preloaded into a loader's thread as well, which has nobody to talk to.
if (isMainThread) {
  process.on('message', (word) => process.send(word === 'begin' ? (begin() ?? {}) : end()));
  process.channel.unref();
}
