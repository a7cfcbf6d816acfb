export interface SignInMessage {
  readonly publicUrl: string;
  /** With its checksum. */
  readonly address: string;
  readonly chainId: number;
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

const STATEMENT = 'Show that this wallet is yours. Nothing is paid, and nothing is moved.';

/** What a wallet shows and signs (ERC-4361). */
export function signInMessage({ publicUrl, address, chainId, nonce, issuedAt, expiresAt }: SignInMessage): string {
  return [
    `${new URL(publicUrl).host} wants you to sign in with your Ethereum account:`,
    address,
    '',
    STATEMENT,
    '',
    `URI: ${publicUrl}`,
    'Version: 1',
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt.toISOString()}`,
    `Expiration Time: ${expiresAt.toISOString()}`,
  ].join('\n');
}
