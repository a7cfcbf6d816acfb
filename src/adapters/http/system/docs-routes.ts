import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Hono } from 'hono';
import type { HttpEnvironment } from '../environment.ts';
import { giveReadyMade, type ReadyMade, readyMade } from '../middleware/ready-made.ts';
import { giveMarkup } from '../pages/page-layout.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Castellan API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
`;

const ASSETS = [
  ['swagger-ui.css', 'text/css; charset=UTF-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=UTF-8'],
  ['favicon-32x32.png', 'image/png'],
] as const;

const CACHE_CONTROL = 'public, max-age=3600';

/** The OpenAPI document, and a page to read it with that needs nothing from elsewhere. */
export function docsRoutes(document: () => ReadyMade): Hono<HttpEnvironment> {
  const app = new Hono<HttpEnvironment>();
  const start = readyMade({ body: START, contentType: 'text/javascript; charset=UTF-8', cacheControl: CACHE_CONTROL });
  app.get('/openapi.json', (c) => giveReadyMade(c, document()));
  app.get('/docs', (c) => giveMarkup(c, PAGE, "img-src 'self' data:"));
  app.get('/docs/start.js', (c) => giveReadyMade(c, start));
  for (const [file, contentType] of ASSETS) {
    const asset = onceAsked(async () =>
      readyMade({ body: await fromPackage(file), contentType, cacheControl: CACHE_CONTROL }),
    );
    app.get(`/docs/${file}`, async (c) => giveReadyMade(c, await asset()));
  }
  return app;
}

/** Megabytes that most processes are never asked for. */
function onceAsked<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function fromPackage(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = createRequire(import.meta.url).resolve(`swagger-ui-dist/${file}`);
  return new Uint8Array(await readFile(path));
}
