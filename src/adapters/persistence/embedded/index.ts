export { isDatabaseFolder, openEmbedded } from './open-embedded.ts';
