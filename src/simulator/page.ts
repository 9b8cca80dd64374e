import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** At the package's root, which is as far from `dist/` as from `src/`. */
const folder = new URL('../../demo/gateway/', import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing but its own files, in no frame. */
const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The simulator's page at `/demo/gateway/`: plain files, read once. */
export function mountGatewayPage(server: FastifyInstance): void {
  for (const name of readdirSync(folder)) {
    const type = contentTypes[extname(name)];
    if (!type) continue;
    const content = readFileSync(new URL(name, folder));
    server.get(`/demo/gateway/${name === 'index.html' ? '' : name}`, (_request, reply) =>
      reply.type(type).header('Cache-Control', 'no-cache').header('Content-Security-Policy', policy).send(content),
    );
  }
  server.get('/demo/gateway', (_request, reply) => reply.redirect('/demo/gateway/'));
}
