export { openRedis, type RedisPorts } from './open-redis.ts';
