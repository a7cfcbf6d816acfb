/**
 * The script of the page that asks a wallet (EIP-1193; several introduce themselves by EIP-6963) to sign what the service
 * has written, and hands the signature in as a form, so that the browser follows where the answer leads.
 */
export const WALLET_PAGE_SCRIPT = `'use strict';
(() => {
  const wallets = document.getElementById('wallets');
  const form = document.querySelector('form');
  const status = document.querySelector('[role="status"]');
  const providerId = location.pathname.split('/').pop();
  const given = new URLSearchParams(location.search);
  const returnTo = given.get('returnTo');
  const projectId = given.get('projectId');

  const NOWHERE = 'This page does not know where you come from. Go back to the application that you want to sign in to, and choose this way there.';
  const NO_WALLET = 'No wallet was found in this browser. Install one and reload this page, or open it in the browser of your wallet.';
  const OF_THE_WALLET = {
    4001: 'You have refused in your wallet. Nothing has happened: try again whenever you like.',
    4100: 'Your wallet does not let this page ask. Allow it there, then try again.',
    4900: 'Your wallet is not connected. Check your connection, then try again.',
    '-32002': 'Your wallet is asking you already. Open it, and answer there.',
  };
  const OF_THE_FIELD = {
    chainId: 'Your wallet is on a network that does not count here. Choose another network in your wallet, then try again.',
    address: 'Your wallet has named no address that counts here. Choose another account in your wallet, then try again.',
    returnTo: 'The page that you come from is not one that people are sent back to. Tell whoever runs it.',
  };
  const OF_THE_SERVICE = {
    'not-found': 'This way to sign in is not on offer. Go back, and choose another one.',
    'sign-in-closed': 'Nobody can sign in here at present.',
    'forbidden': 'The service does not accept this from you or from your network.',
    'rate-limited': 'Too many attempts. Wait a moment, then try again.',
    'overloaded': 'The service is busy. Wait a moment, then try again.',
    'unavailable': 'The service is not available at the moment. Try again shortly.',
  };

  const show = (outcome, message) => {
    status.dataset.outcome = outcome;
    status.textContent = message;
  };
  class Refusal extends Error {}
  const refuse = (message) => {
    throw new Refusal(message);
  };
  const shut = (is) => {
    for (const button of wallets.querySelectorAll('button')) button.disabled = is;
  };

  if (!returnTo) {
    show('bad', NOWHERE);
    return;
  }

  const begin = async (wallet) => {
    const headers = { 'Content-Type': 'application/json' };
    if (projectId) headers['X-Project-Id'] = projectId;
    const body = JSON.stringify({ ...wallet, returnTo });
    const answer = await fetch('../api/v1/auth/login/' + providerId, { method: 'POST', headers, body }).catch(() =>
      refuse('The service cannot be reached. Check your connection, then try again.'),
    );
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    const slug = String(said.type || '').split('/').pop();
    const field = (said.errors || []).map((error) => OF_THE_FIELD[error.field]).find(Boolean);
    return refuse(field || OF_THE_SERVICE[slug] || said.detail || 'That did not work. Try again.');
  };

  const hexOf = (text) =>
    '0x' + Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');

  const signIn = async (wallet) => {
    show('', 'Look at your wallet: it asks you.');
    const [address] = await wallet.request({ method: 'eth_requestAccounts' });
    if (!address) refuse('Your wallet has no account to sign with.');
    const chainId = Number(await wallet.request({ method: 'eth_chainId' }));
    const { state, verifier, message } = await begin({ address, chainId });
    const signature = await wallet.request({ method: 'personal_sign', params: [hexOf(message), address] });
    show('', 'One moment…');
    for (const [name, value] of Object.entries({ state, signature, verifier })) form.elements[name].value = value;
    form.action = '../api/v1/auth/callback/' + providerId;
    form.submit();
  };

  const complain = (error) => {
    const message = error instanceof Refusal ? error.message : OF_THE_WALLET[error && error.code];
    show('bad', message || 'Your wallet did not answer as it should. Open it, then try again.');
  };

  const offer = (wallet, label) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', async () => {
      shut(true);
      try {
        await signIn(wallet);
      } catch (error) {
        complain(error);
        shut(false);
      }
    });
    wallets.append(button);
    show('', '');
  };

  show('', 'Looking for your wallet…');
  const known = new Set();
  addEventListener('eip6963:announceProvider', ({ detail }) => {
    if (!detail || !detail.provider || !detail.info || known.has(detail.info.uuid)) return;
    if (known.size === 0) wallets.replaceChildren();
    known.add(detail.info.uuid);
    offer(detail.provider, 'Continue with ' + String(detail.info.name).slice(0, 64));
  });
  const offerTheOnlyOne = () => {
    if (known.size > 0 || wallets.firstChild || !window.ethereum) return;
    offer(window.ethereum, 'Continue with your wallet');
  };
  addEventListener('ethereum#initialized', offerTheOnlyOne);
  dispatchEvent(new Event('eip6963:requestProvider'));
  offerTheOnlyOne();
  // Wallets of some browsers come late.
  setTimeout(() => {
    offerTheOnlyOne();
    if (!wallets.firstChild) show('bad', NO_WALLET);
  }, 1000);
  // Whoever comes back with the browser's own button begins anew.
  addEventListener('pageshow', (event) => event.persisted && location.reload());
})();
`;
