export { FolderInUse } from './folder-lock.ts';
export { type EmbeddedOptions, openEmbedded } from './open-embedded.ts';
