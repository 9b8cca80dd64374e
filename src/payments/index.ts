import type { PaymentMethod } from '../domain/payment.js';
import { momo } from './momo.js';
import type { PaymentProvider } from './provider.js';
import { vietqr } from './vietqr.js';
import { vnpay } from './vnpay.js';
import { zalopay } from './zalopay.js';

/** Every provider, by name. A new one is one file and one line here. */
export const providers: Readonly<Record<string, PaymentProvider>> = byName([
  general(momo),
  general(vnpay),
  general(zalopay),
  general(vietqr),
]);

const all = Object.values(providers);

/** The provider that carries a payment method; undefined: none, as for cash. */
export function providerOfMethod(method: PaymentMethod): PaymentProvider | undefined {
  return all.find((provider) => provider.method === method);
}

/** The provider whose webhooks come to `/webhooks/{route}`. */
export function providerOfRoute(route: string): PaymentProvider | undefined {
  return all.find((provider) => provider.route === route);
}

/** An account is only ever made with its own provider's schemas, so whoever holds one need not know its settings. */
function general<Settings extends object, Secrets extends object>(
  provider: PaymentProvider<Settings, Secrets>,
): PaymentProvider {
  return provider as unknown as PaymentProvider;
}

/** Without a prototype: names come from the database and from addresses. */
function byName(list: readonly PaymentProvider[]): Readonly<Record<string, PaymentProvider>> {
  const names = Object.create(null) as Record<string, PaymentProvider>;
  for (const provider of list) names[provider.name] = provider;
  return Object.freeze(names);
}
