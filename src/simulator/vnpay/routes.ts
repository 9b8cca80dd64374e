import type { FastifyInstance } from 'fastify';
import { readFields } from '../fields.js';
import type { Gateway } from '../gateway.js';
import type { VnpayMerchant } from '../options.js';
import { vnpayApi } from './api.js';
import { openPayPage } from './pay-page.js';

/** VNPay's pay page and API, version 2.1.0. */
export function mountVnpay(server: FastifyInstance, gateway: Gateway, merchant: VnpayMerchant): void {
  server.get('/demo/gateway/vnpay/pay', (request, reply) => {
    const order = openPayPage(gateway, merchant, request.url.slice(request.url.indexOf('?') + 1));
    // Relative, so that the guest stays at the address it came by.
    const page = typeof order === 'string' ? `?error=vnpay:${order}` : `?order=vnpay:${order.reference}`;
    return reply.header('Cache-Control', 'no-store').redirect(`../${page}`);
  });
  server.post('/demo/gateway/vnpay/api', (request, reply) =>
    reply.type('application/json').send(vnpayApi(gateway, merchant, readFields(request) ?? {})),
  );
}
