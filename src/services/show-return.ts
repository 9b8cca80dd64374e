import { findGuestPage } from '../db/guest-pages.js';
import { providers } from '../payments/index.js';
import type { MerchantAccount } from '../payments/provider.js';
import { checkPaymentNow } from './check-payment.js';
import type { Deps } from './deps.js';

/** What a guest who comes back from paying is shown. */
export interface ReturnView {
  readonly state: 'pending' | 'succeeded' | 'failed' | 'unknown';
  /** Where the bill is. */
  readonly guestPage: string;
}

/** A guest's way back: the provider's name and account in the address, and the query that the provider signed. */
export interface ReturnAddress {
  readonly providerName: string;
  readonly accountId: string;
  readonly query: string;
}

/**
 * Looks up what became of the payment that a guest comes back from. The address is for display only: what it says moves
 * nothing, and one that the provider did not sign is not even asked about.
 */
export async function showReturn(deps: Deps, { providerName, accountId, query }: ReturnAddress): Promise<ReturnView> {
  const elsewhere = { state: 'unknown', guestPage: `${deps.publicUrl()}/demo/` } as const;
  const provider = providers[providerName];
  const account = provider && (await deps.accounts.find(provider.name, accountId));
  const visit = account && provider.readReturn(account, query);
  if (!visit) return elsewhere;
  const order = { tenantId: account.tenantId, reference: visit.reference };
  const [state, guestPage] = await Promise.all([
    checkPaymentNow(deps, order),
    guestPageOf(deps, account, order.reference),
  ]);
  return { state, guestPage: guestPage ?? elsewhere.guestPage };
}

/** Restaurants write it themselves: what is no web address is no link. */
async function guestPageOf(deps: Deps, account: MerchantAccount, reference: string): Promise<string | undefined> {
  const page = await findGuestPage(deps.orm, account.tenantId, reference);
  return page && /^https?:\/\//i.test(page) ? page : undefined;
}
