export { IdnaDomainNames } from './idna-domain-names.ts';
export { MemoryMailbox } from './mailbox.ts';
export { memoryAdapters } from './memory-adapters.ts';
export { MemoryPermissionCache } from './permission-cache.ts';
export { MemoryRateLimiter } from './rate-limiter.ts';
export { MemorySessionWatch } from './session-watch.ts';
export type { MemoryStore } from './store.ts';
export { SystemClock } from './system-clock.ts';
export { UuidV7Generator } from './uuid-v7-generator.ts';
