import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An application of somebody else's, on an origin of its own, whose people sign in at `iam`: as its developers would
 * write it, from the documentation alone.
 */
export class Application implements AsyncDisposable {
  readonly origin: string;
  readonly returnTo: string;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.returnTo = `${this.origin}/welcome`;
  }

  static async start(iam: string): Promise<Application> {
    const page = `${HTML}<script>const IAM = ${JSON.stringify(iam)};${SCRIPT}</script>`;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=UTF-8' }).end(page);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new Application(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

const HTML = `<!doctype html><html lang="en"><title>An application</title>
<link rel="icon" href="data:,">
<h1>An application</h1>
<p id="who">Not signed in</p>
<ul id="links"></ul>
<nav></nav>
`;

const SCRIPT = `
const api = IAM + '/api/v1';
const returnTo = location.origin + '/welcome';
const query = new URLSearchParams(location.search);
const json = { 'Content-Type': 'application/json' };
let token = sessionStorage.getItem('token');
history.replaceState(null, '', location.pathname);

async function call(method, path, body, more = {}) {
  const headers = { ...(body && json), ...(token && { Authorization: 'Bearer ' + token }) };
  const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body), ...more });
  return answer.status === 204 ? undefined : answer.json();
}

async function cameBack() {
  const begun = JSON.parse(sessionStorage.getItem('begun') || 'null');
  sessionStorage.removeItem('begun');
  if (begun) {
    const back = Object.fromEntries([...query].filter(([name]) => ['code', 'state', 'iss'].includes(name)));
    await call('POST', begun.path, { ...back, verifier: begun.verifier });
    return;
  }
  const signIn = await call('POST', '/auth/exchange', { code: query.get('code') }, { credentials: 'include' });
  token = signIn.accessToken;
  sessionStorage.setItem('token', token);
}

function button(label, act) {
  const made = document.createElement('button');
  made.textContent = label;
  made.onclick = () => {
    document.querySelector('#who').textContent = 'One moment';
    return act().then(show);
  };
  document.querySelector('nav').append(made);
}

async function show() {
  const me = await call('GET', '/auth/me');
  const { data: links } = await call('GET', '/users/' + me.id + '/providers');
  const { data: offered } = await call('GET', '/auth/providers');
  document.querySelector('nav').replaceChildren();
  document.querySelector('#links').replaceChildren(...links.map((link) => {
    const item = document.createElement('li');
    item.textContent = link.providerId + ': ' + (link.displayName || link.externalId);
    return item;
  }));
  for (const { id, name } of offered) {
    const path = '/users/' + me.id + '/providers/' + id;
    if (links.some((link) => link.providerId === id)) button('Unlink ' + name, () => call('DELETE', path));
    else button('Link ' + name, async () => {
      const { redirectUrl, verifier } = await call('POST', path, { returnTo });
      sessionStorage.setItem('begun', JSON.stringify({ path, verifier }));
      location.assign(redirectUrl);
    });
  }
  document.querySelector('#who').textContent = 'Signed in as ' + (me.email || 'nobody in particular') + ', ' + me.id;
}

async function offer() {
  const { data } = await call('GET', '/auth/providers');
  for (const { id, name } of data) {
    const link = document.createElement('a');
    link.href = api + '/auth/login/' + id + '?' + new URLSearchParams({ returnTo });
    link.textContent = 'Sign in with ' + name;
    document.querySelector('nav').append(link, ' ');
  }
}

(async () => {
  if (query.has('error')) document.querySelector('#who').textContent = 'Refused: ' + query.get('error');
  else if (query.has('code')) await cameBack();
  if (token) await show();
  else await offer();
})();
`;
