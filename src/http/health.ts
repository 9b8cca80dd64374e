import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.js';

export interface HealthOptions {
  readonly ping: () => Promise<void>;
  readonly isDraining: () => boolean;
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
}

const pingMs = 1_000;

/** `/livez`: the process runs. `/readyz`: it can serve, so its database answers. `/metrics`: its figures. */
export function mountHealth(app: FastifyInstance, { ping, isDraining, metrics, metricsToken }: HealthOptions): void {
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    if (isDraining()) return reply.status(503).send({ status: 'draining' });
    const isUp = await Promise.race([
      ping().then(
        () => true,
        () => false,
      ),
      after(pingMs),
    ]);
    return isUp
      ? { status: 'ok', database: 'ok' }
      : reply.status(503).send({ status: 'unavailable', database: 'no answer' });
  });
  app.get('/metrics', async (request, reply) => {
    if (metricsToken !== undefined && request.headers.authorization !== `Bearer ${metricsToken}`) {
      return reply.status(401).header('WWW-Authenticate', 'Bearer').send();
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

function after(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, false).unref());
}
