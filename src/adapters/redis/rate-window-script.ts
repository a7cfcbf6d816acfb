import type { CommandParser } from 'redis';

/**
 * The window of a key in one round trip: where the next request stands, and how many milliseconds the window has left.
 * `hit` counts that request, `peek` does not. One whose end is further away than the window is long is an older,
 * longer one: the limit has been changed since.
 */
const SCRIPT = `
local window = tonumber(ARGV[1])
local left = redis.call('PTTL', KEYS[1])
local count = 1
if left > 0 and left <= window then
  count = tonumber(redis.call('GET', KEYS[1])) + 1
else
  left = window
end
if ARGV[2] == 'hit' then
  redis.call('SET', KEYS[1], count, 'PX', left)
end
return {count, left}
`;

export const RATE_WINDOW = {
  SCRIPT,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser: CommandParser, key: string, windowMs: number, how: 'hit' | 'peek') {
    parser.pushKey(key);
    parser.push(String(windowMs), how);
  },
  transformReply: (reply: unknown) => reply as readonly [count: number, leftMs: number],
};
