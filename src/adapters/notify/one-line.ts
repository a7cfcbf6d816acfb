/** Line ends, other controls, and what turns the direction of writing around. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;
const MOST_CHARACTERS = 254;

/** Somebody's words as part of a line of ours, or of a header: they cannot begin another (ASVS 1.3.11). */
export function oneLine(words: string): string {
  return [...words.replaceAll(UNPRINTABLE, ' ').trim()].slice(0, MOST_CHARACTERS).join('');
}
