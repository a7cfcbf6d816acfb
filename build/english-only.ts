import type { Plugin } from 'esbuild';

/** Leaves out what zod would say in fifty other languages: the service asks for none, and they are half of its size. */
export const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};
