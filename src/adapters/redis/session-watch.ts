import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { SessionWatch, Watched } from '../../ports/session-watch.ts';
import { Channel } from './channel.ts';
import type { OnTrouble } from './trouble.ts';

const CHANNEL = 'castellan:session-watch';

/** How soon to try again to tell the others that there was something. */
const AGAIN_MS = 500;

/** Announcements to all replicas, published and not awaited. */
export class RedisSessionWatch implements SessionWatch {
  readonly #listeners: ((watched: Watched) => void)[] = [];
  readonly #channel: Channel;
  #publishing: Promise<void> = Promise.resolve();
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: { readonly nodes: readonly string[]; readonly onTrouble: OnTrouble }) {
    this.#channel = new Channel({
      ...options,
      name: CHANNEL,
      onMessage: (message) => this.#tell(watchedOf(message)),
      onOpen: () => this.#tell({ all: true }),
    });
  }

  async announce(watched: Watched): Promise<void> {
    this.#tell(watched);
    this.#publishing = this.#publish(watched);
  }

  subscribe(listener: (watched: Watched) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    await this.#publishing;
    await this.#channel.close();
  }

  #tell(watched: Watched): void {
    for (const listener of this.#listeners) listener(watched);
  }

  /** What may not have been heard is made up for as soon as something can be: by everything. */
  async #publish(watched: Watched): Promise<void> {
    try {
      await this.#channel.publish(JSON.stringify(watched));
    } catch {
      if (this.#closed) return;
      this.#again ??= setTimeout(() => {
        this.#again = undefined;
        this.#publishing = this.#publish({ all: true });
      }, AGAIN_MS);
    }
  }
}

/** Whatever it is, what is not understood is taken for everything. */
function watchedOf(message: string): Watched {
  const { userId, tenantId, projectId } = parsed(message);
  if (typeof userId === 'string') return { userId: userId as UserId };
  if (typeof tenantId === 'string') return { tenantId: tenantId as TenantId };
  if (typeof projectId === 'string') return { projectId: projectId as ProjectId };
  return { all: true };
}

function parsed(message: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(message));
  } catch {
    return {};
  }
}
