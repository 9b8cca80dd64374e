import { methodName } from './amounts.mjs';
import { call, Refusal } from './http.mjs';
import { ask } from './protocols/rest.mjs';

/** @import { Intent, Order } from './types.js' */

/** The server is no demo, or its payments go elsewhere. */
export class NoDemo extends Error {
  /** @override */
  name = 'NoDemo';
}

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
    /** What a guest, or an accident, does there; answers when the server has answered the notices. @param {Intent} intent @param {'pay' | 'pay_twice' | 'forged'} act */
    act: (intent, act) => about(intent, '/act', { body: { act } }),
  };
}
