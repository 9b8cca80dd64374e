import type { FastifyInstance } from 'fastify';
import { type Fields, readFields } from '../fields.js';
import type { Gateway } from '../gateway.js';
import type { ZalopayMerchant } from '../options.js';
import { zalopayFailure } from './answers.js';
import { zalopayCreate } from './create.js';
import { zalopayQuery } from './query.js';
import { zalopayQueryRefund, zalopayRefund } from './refund.js';

/** ZaloPay's API, version 2, below `/demo/gateway/zalopay`; forms and JSON. */
export function mountZalopay(server: FastifyInstance, gateway: Gateway, merchant: ZalopayMerchant): void {
  const route = (path: string, run: (gateway: Gateway, merchant: ZalopayMerchant, fields: Fields) => object) =>
    server.post(`/demo/gateway/zalopay/v2/${path}`, (request, reply) => {
      const fields = readFields(request);
      const answer = fields ? run(gateway, merchant, fields) : zalopayFailure(-401, 'neither a form nor JSON');
      return reply.type('application/json').send(answer);
    });
  route('create', zalopayCreate);
  route('query', zalopayQuery);
  route('refund', zalopayRefund);
  route('query_refund', zalopayQueryRefund);
}
