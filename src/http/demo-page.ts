import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** At the package's root, which is as far from `dist/` as from `src/`. */
const folder = new URL('../../demo/table/', import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing but its own files, and whatever page may show it in a frame is this server's. */
const policy = "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

/** The guests' page of the demo restaurant at `/demo/`: plain files, read once. */
export function mountDemoPage(app: FastifyInstance): void {
  for (const name of readdirSync(folder)) {
    const type = contentTypes[extname(name)];
    if (!type) continue;
    const content = readFileSync(new URL(name, folder));
    app.get(`/demo/${name === 'index.html' ? '' : name}`, (_request, reply) =>
      reply.type(type).header('Cache-Control', 'no-cache').header('Content-Security-Policy', policy).send(content),
    );
  }
  app.get('/demo', (_request, reply) => reply.redirect('/demo/'));
}
