import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { isAct } from './acts.js';
import { scanTransfer } from './bank/scan.js';
import { type Fields, readFields } from './fields.js';
import type { Gateway } from './gateway.js';
import type { SepayMerchant } from './options.js';
import { type Order, providerNames } from './order.js';
import { presentOrder, type PresentOptions, presentRow } from './present.js';

/** Orders in the list. */
const LISTED = 50;
const LONGEST_DELAY_SECONDS = 3_600;

interface OneOrder {
  Params: { provider: string; reference: string };
}

/** What the simulator's own page asks for; scripts may as well. */
export function mountOrderRoutes(server: FastifyInstance, gateway: Gateway, options: PresentOptions): void {
  const find = ({ provider, reference }: OneOrder['Params']) => {
    const name = providerNames.find((known) => known === provider);
    return name && gateway.find(name, reference);
  };
  const show = (order: Order, reply: FastifyReply) => {
    // The page polls: nothing on the way may keep an answer.
    reply.header('Cache-Control', 'no-store');
    return { order: presentOrder(order, options) };
  };
  server.get('/demo/gateway/orders', (_request, reply) => {
    reply.header('Cache-Control', 'no-store');
    return reply.send({ orders: gateway.latest(LISTED).map((order) => presentRow(order, gateway.now())) });
  });
  server.get<OneOrder>('/demo/gateway/orders/:provider/:reference', (request, reply) => {
    const order = find(request.params);
    return order ? reply.send(show(order, reply)) : refuse(reply, 404, 'there is no such order');
  });
  server.get<OneOrder>('/demo/gateway/orders/:provider/:reference/qr.svg', async (request, reply) => {
    const order = find(request.params);
    if (!order) return refuse(reply, 404, 'there is no such order');
    const page = gateway.pageOf(order.provider, order.reference);
    return reply.type('image/svg+xml').send(await QRCode.toString(page, { type: 'svg', margin: 2 }));
  });
  server.post<OneOrder>('/demo/gateway/orders/:provider/:reference/act', async (request, reply) => {
    const order = find(request.params);
    if (!order) return refuse(reply, 404, 'there is no such order');
    const wish = readWish(request);
    if (typeof wish === 'string') return refuse(reply, 400, wish);
    if (!options.acting.possible(order).includes(wish.act)) {
      return refuse(reply, 409, `${wish.act} cannot happen to this order now`);
    }
    await options.acting.perform(order, wish.act, wish.delaySeconds);
    return reply.send(show(order, reply));
  });
}

/** `POST /demo/gateway/bank/scan`: what a bank's app does with a VietQR. */
export function mountScan(
  server: FastifyInstance,
  gateway: Gateway,
  { merchant, present }: { readonly merchant: SepayMerchant; readonly present: PresentOptions },
): void {
  server.post('/demo/gateway/bank/scan', (request, reply) => {
    const order = scanTransfer(gateway, merchant, readFields(request) ?? {});
    if (typeof order === 'string') return refuse(reply, 400, order);
    return reply.send({ order: presentOrder(order, present) });
  });
}

function readWish(request: FastifyRequest) {
  const { act, delay_seconds: delay = 10 }: Fields = readFields(request) ?? {};
  if (!isAct(act)) return 'act: not one of those of the order';
  const isDelay = typeof delay === 'number' && Number.isInteger(delay) && delay >= 1 && delay <= LONGEST_DELAY_SECONDS;
  return isDelay ? { act, delaySeconds: delay } : `delay_seconds: 1 to ${LONGEST_DELAY_SECONDS}`;
}

function refuse(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.status(status).type('application/problem+json').send({ status, detail });
}
