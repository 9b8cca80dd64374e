import { methodName } from './amounts.mjs';
import { call, Refusal } from './http.mjs';
import { ask } from './protocols/rest.mjs';

/** @import { Intent, Order } from './types.js' */

/** The server is no demo, or its payments go elsewhere. */
export class NoDemo extends Error {
  /** @override */
  name = 'NoDemo';
}

/** @typedef {'pay' | 'pay_twice' | 'pay_late' | 'fail' | 'forged'} Act */

/**
 * The payment providers, as the demo server plays them: here money moves, and from here come the signed notices.
 * @typedef {ReturnType<typeof createGateway>} Gateway
 * @param {string} base
 */
export function createGateway(base) {
  const orders = `${base}/demo/gateway/orders`;
  /** @param {Intent} intent @param {string} path @param {import('./http.mjs').Request} request @returns {Promise<Order>} */
  const about = async ({ method, reference }, path, request) => {
    const answer = await ask(`${orders}/${method}/${reference}${path}`, request).catch((error) => {
      if (!(error instanceof Refusal) || error.status !== 404) throw error;
      throw new NoDemo(`${base} simulates payment providers, but sends its ${methodName(method)} payments elsewhere`);
    });
    return answer.body.order;
  };
  return {
    /** Whether anybody plays the providers. */
    async mustBeThere() {
      const { status } = await call(orders, { method: 'GET' });
      if (status !== 200) throw new NoDemo(`${base} does not simulate payment providers`);
    },
    /** What the provider has in its books. @param {Intent} intent */
    order: (intent) => about(intent, '', { method: 'GET' }),
    /** A guest follows the pay link; VNPay hears of an order only so. @param {Intent} intent */
    async arrive({ method, payUrl }) {
      if (method === 'vnpay' && payUrl) await (await fetch(payUrl, { redirect: 'manual' })).body?.cancel();
    },
    /** What a guest, or an accident, does there; answers when the server has answered the notices. @param {Intent} intent @param {Act} act */
    act: (intent, act) => about(intent, '/act', { body: { act, ...(act === 'pay_late' ? { delay_seconds: 1 } : {}) } }),
  };
}
