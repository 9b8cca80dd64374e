/** The addresses that we give to payment providers. The default account's need no id. */

/** Where the guest's browser goes after paying. */
export function returnUrlFor(publicUrl: string, providerName: string, accountId: string): string {
  return `${publicUrl}/pay/return/${providerName}${accountPart(accountId)}`;
}

/** Where the provider tells us of a payment. */
export function webhookUrlFor(publicUrl: string, route: string, accountId: string): string {
  return `${publicUrl}/webhooks/${route}${accountPart(accountId)}`;
}

function accountPart(accountId: string): string {
  return accountId === 'default' ? '' : `/${accountId}`;
}
