import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import QRCode from 'qrcode';
import { openApi } from '../rest/openapi.js';
import { mountDemoPage } from './demo-page.js';
import { mountDocs } from './docs-page.js';
import { statuses } from './errors.js';

export interface PagesOptions {
  readonly schema: GraphQLSchema;
  readonly publicUrl: () => string;
  readonly isDemo: boolean;
  readonly isExplorable: boolean;
}

/** `/` links everything; `/openapi.json`, `/docs` and `/graphiql` are for exploring without internet. */
export function mountPages(app: FastifyInstance, options: PagesOptions): void {
  const { schema, publicUrl, isDemo, isExplorable } = options;
  app.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(await startPage(publicUrl(), isDemo)),
  );
  // Made at the first request, because the address may follow the bound port.
  let described: string | undefined;
  app.get('/openapi.json', (_request, reply) => {
    described ??= JSON.stringify(openApi(schema, publicUrl(), statuses));
    return reply.type('application/json; charset=utf-8').send(described);
  });
  mountDocs(app, publicUrl);
  if (isDemo) mountDemoPage(app);
  if (isExplorable) {
    app.get('/graphiql', async (_request, reply) => {
      // Large, and seldom asked for: no start waits for it.
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      return reply.type('text/html; charset=utf-8').send(renderGraphiQL({ endpoint: '/graphql', title: 'QR Session' }));
    });
  }
}

/** The first table of the demo restaurant. */
const demoTable = '#t=demo-table-1';

async function startPage(publicUrl: string, isDemo: boolean): Promise<string> {
  const tableUrl = `${publicUrl}/demo/${demoTable}`;
  const qr = isDemo ? await QRCode.toString(tableUrl, { type: 'svg', margin: 1, width: 240 }) : '';
  const demo = `<figure>${qr}<figcaption>Scan to sit down at table T1 of the demo restaurant<br><a href="${tableUrl}">${tableUrl}</a></figcaption></figure>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>QR Session</title>
${isDemo ? '<link rel="icon" href="/demo/icon.svg">' : '<link rel="icon" href="data:,">'}
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
  figure { margin: 2rem 0; } svg { background: #fff; border-radius: .5rem; } dt { font-weight: 600; margin-top: .75rem; } dd { margin: 0; }
</style>
<h1>QR Session</h1>
<p>One table, one shared bill, many phones.</p>
${isDemo ? demo : ''}
<dl>
  ${isDemo ? '<dt><a href="/demo/gateway/">/demo/gateway/</a></dt><dd>the payment providers of the demo restaurant, simulated</dd>' : ''}
  <dt><a href="/graphql">/graphql</a></dt><dd>GraphQL API; a browser gets Apollo Sandbox</dd>
  <dt><a href="/graphiql">/graphiql</a></dt><dd>the same exploring without internet</dd>
  <dt><a href="/openapi.json">/openapi.json</a></dt><dd>REST API, OpenAPI 3.1</dd>
  <dt><a href="/docs">/docs</a></dt><dd>REST API to read and to try</dd>
  <dt><a href="/livez">/livez</a>, <a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a></dt><dd>health and figures</dd>
</dl>
</html>
`;
}
