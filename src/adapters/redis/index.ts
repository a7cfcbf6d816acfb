export { examineNode } from './examine.ts';
export { openRedis, type RedisPorts } from './open-redis.ts';
