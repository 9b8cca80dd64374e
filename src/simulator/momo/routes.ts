import type { FastifyInstance } from 'fastify';
import { type Fields, readFields } from '../fields.js';
import type { Gateway, Reply } from '../gateway.js';
import type { MomoMerchant } from '../options.js';
import { momoReply } from './answers.js';
import { momoCreate } from './create.js';
import { momoQuery } from './query.js';
import { momoRefund } from './refund.js';

/** MoMo's API, version 2, below `/demo/gateway/momo`. */
export function mountMomo(server: FastifyInstance, gateway: Gateway, merchant: MomoMerchant): void {
  const route = (path: string, run: (gateway: Gateway, merchant: MomoMerchant, fields: Fields) => Reply) =>
    server.post(`/demo/gateway/momo/v2/gateway/api/${path}`, (request, reply) => {
      const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
      const fields = isJson ? readFields(request) : undefined;
      const { status, body } = fields
        ? run(gateway, merchant, fields)
        : momoReply({}, { code: 20, why: 'the body is no JSON object', at: gateway.now() });
      return reply.status(status).type('application/json').send(body);
    });
  route('create', momoCreate);
  route('query', momoQuery);
  route('refund', momoRefund);
}
