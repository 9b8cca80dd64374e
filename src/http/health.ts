import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';

export interface HealthOptions {
  readonly ping: () => Promise<void>;
  readonly isDraining: () => boolean;
  /** How nodes hear of each other. Trouble with it makes nobody unready: live readers then look for themselves. */
  readonly bells: { readonly engine: string; readonly isHearing: boolean };
  /** All figures, in Prometheus' words. */
  readonly figures: () => Promise<string>;
  readonly metricsToken: string | undefined;
}

const pingMs = 1_000;

/** `/livez`: the process runs. `/readyz`: it can serve, so its database answers. `/metrics`: its figures. */
export function mountHealth(app: FastifyInstance, options: HealthOptions): void {
  const { ping, isDraining, bells, figures, metricsToken } = options;
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
      ? { status: 'ok', database: 'ok', bells: bells.engine, bells_hearing: bells.isHearing }
      : reply.status(503).send({ status: 'unavailable', database: 'no answer' });
  });
  app.get('/metrics', async (request, reply) => {
    if (metricsToken !== undefined && request.headers.authorization !== `Bearer ${metricsToken}`) {
      return reply.status(401).header('WWW-Authenticate', 'Bearer').send();
    }
    return reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await figures());
  });
}

function after(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, false).unref());
}
