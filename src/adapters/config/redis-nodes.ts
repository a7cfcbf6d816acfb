import { z } from 'zod';

/** With user, password and the number of a database, if need be. */
const NODE = /^rediss?:\/\/[^/?#]+(?:\/\d*)?$/;

const node = z.string().refine((text) => NODE.test(text) && URL.canParse(text), {
  error: 'a URL like redis://host:6379 or rediss://user:password@host:6379/0 is needed',
});

/** One server, or some nodes of a cluster; those name the others, so that there is one way in to all of them. */
export const redisNodes = z
  .array(node)
  .min(1, 'a URL is needed')
  .pipe(
    z
      .array(z.string())
      .refine((nodes) => new Set(nodes.map(accessOf)).size === 1, {
        error: 'the nodes of a cluster need the same scheme, user and password',
      })
      .refine((nodes) => nodes.length === 1 || nodes.every((url) => /^\/?0?$/.test(new URL(url).pathname)), {
        error: 'a cluster has database 0 only',
      }),
  );

function accessOf(url: string): string {
  const { protocol, username, password } = new URL(url);
  return [protocol, username, password].join();
}
