/** What is shown in mails and pages carries nothing that steers a terminal or breaks a line. */
export function isPlainText(value: string): boolean {
  return !/\p{Cc}/u.test(value);
}

/** A name carries no link either. */
export function isPlainName(value: string): boolean {
  return isPlainText(value) && !value.includes('://');
}
