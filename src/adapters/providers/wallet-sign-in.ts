import { randomBytes } from 'node:crypto';
import { IamError, invalidField } from '../../domain/errors.ts';
import type {
  ExternalIdentity,
  ProviderAnswer,
  ProviderConfiguration,
  ProviderStart,
  Wallet,
} from '../../ports/auth-provider.ts';
import { checksumAddress } from './ethereum-address.ts';
import { Memo } from './memo.ts';
import { signerOf } from './personal-signature.ts';
import type { RoundTrip } from './round-trip.ts';
import { signInMessage } from './sign-in-message.ts';

interface Departure {
  /** With its checksum. */
  readonly address: string;
  readonly message: string;
  readonly expiresAt: string;
}

const MEMO = new Memo<Departure>('wallet');
const MAINNET = 1;
const NONCE_BYTES = 16;

/**
 * Sign-In with Ethereum (ERC-4361). The message is made here and kept, and a signature is checked over exactly that:
 * domain, URI, chain, nonce and times are right because nothing else can have been signed. Each is fresh by itself.
 */
export class WalletSignIn implements RoundTrip {
  readonly #publicUrl: string;

  constructor({ publicUrl }: { readonly publicUrl: string }) {
    this.#publicUrl = publicUrl;
  }

  async start(
    { id, chainIds }: ProviderConfiguration,
    { wallet, now, expiresAt }: { readonly wallet?: Wallet | undefined; readonly now: Date; readonly expiresAt: Date },
  ): Promise<ProviderStart> {
    if (wallet === undefined) throw invalidField('address', 'is needed', 'REQUIRED');
    const address = checksumAddress(wallet.address);
    if (address === undefined) throw invalidField('address', 'is not the address of a wallet', 'INVALID_FORMAT');
    const { chainId } = wallet;
    const allowed = chainIds.length > 0 ? chainIds : [MAINNET];
    if (!allowed.includes(chainId)) throw invalidField('chainId', 'is not a chain to sign in on', 'NOT_ALLOWED');
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const publicUrl = this.#publicUrl;
    const message = signInMessage({ publicUrl, address, chainId, nonce, issuedAt: now, expiresAt });
    return {
      redirectUrl: `${publicUrl}/wallet/${id}`,
      memo: MEMO.write({ address, message, expiresAt: expiresAt.toISOString() }),
      challenge: { message, nonce },
    };
  }

  async finish(
    _configuration: ProviderConfiguration,
    { memo, answer, now }: { readonly memo: string; readonly answer: ProviderAnswer; readonly now: Date },
  ): Promise<ExternalIdentity> {
    const { address, message, expiresAt } = MEMO.read(memo);
    const externalId = address.toLowerCase();
    const right = answer.kind === 'signature' && signerOf(message, answer.signature) === externalId;
    if (!right || new Date(expiresAt) <= now) throw new IamError('token-invalid');
    return {
      externalId,
      email: null,
      emailVerified: false,
      displayName: `${address.slice(0, 6)}…${address.slice(-4)}`,
      firstName: null,
      lastName: null,
    };
  }
}
