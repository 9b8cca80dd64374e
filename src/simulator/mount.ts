import type { FastifyInstance } from 'fastify';
import { createActing } from './acts.js';
import { bankDesk } from './bank/desk.js';
import { createCourier } from './courier.js';
import type { Desk } from './desk.js';
import { createGateway, type Gateway } from './gateway.js';
import { momoDesk } from './momo/desk.js';
import { mountMomo } from './momo/routes.js';
import type { MerchantSecrets, SimulatorOptions } from './options.js';
import type { ProviderName } from './order.js';
import { mountOrderRoutes, mountScan } from './order-routes.js';
import { mountGatewayPage } from './page.js';
import { createTimers } from './timers.js';
import { vnpayDesk } from './vnpay/desk.js';
import { mountVnpay } from './vnpay/routes.js';
import { zalopayDesk } from './zalopay/desk.js';
import { mountZalopay } from './zalopay/routes.js';

export interface Simulator {
  /** Gives up all that is under way: late payments, further calls, calls without an answer. */
  readonly close: () => void;
}

/** MoMo, VNPay, ZaloPay and a bank's feed below `/demo/gateway`, for trying payments without any of them. */
export function mountSimulator(server: FastifyInstance, options: SimulatorOptions): Simulator {
  const { secrets, address, log } = options;
  const gateway = createGateway(options);
  const timers = createTimers();
  const courier = createCourier({ gateway, timers, address, log });
  const desks = openDesks(secrets, gateway);
  const acting = createActing({ gateway, desks, courier, timers });
  const present = { acting, desks, now: gateway.now };
  void server.register(async (scope) => {
    readTexts(scope);
    mountGatewayPage(scope);
    mountOrderRoutes(scope, gateway, present);
    if (secrets.momo) mountMomo(scope, gateway, secrets.momo);
    if (secrets.vnpay) mountVnpay(scope, gateway, secrets.vnpay);
    if (secrets.zalopay) mountZalopay(scope, gateway, secrets.zalopay);
    if (secrets.sepay) mountScan(scope, gateway, { merchant: secrets.sepay, present });
  });
  return {
    close() {
      timers.close();
      courier.close();
    },
  };
}

function openDesks({ momo, vnpay, zalopay, sepay }: MerchantSecrets, { pace }: Gateway): Map<ProviderName, Desk> {
  const desks = new Map<ProviderName, Desk>();
  if (momo) desks.set('momo', momoDesk(momo));
  if (vnpay) desks.set('vnpay', vnpayDesk(vnpay, pace));
  if (zalopay) desks.set('zalopay', zalopayDesk(zalopay, pace));
  if (sepay) desks.set('sepay', bankDesk(sepay, pace));
  return desks;
}

/** Bodies stay texts in here: each provider reads what it takes, and answers in its own words to what it does not. */
function readTexts(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
