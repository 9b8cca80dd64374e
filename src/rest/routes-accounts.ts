import type { RestParameter, RestRoute } from './route.js';

const accountInPath: RestParameter = {
  in: 'path',
  name: 'account_id',
  to: 'input.accountId',
  description: 'The account.',
};

/** Accounts with payment providers, for managers. */
export const accountRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/merchant-accounts',
    operation: 'MerchantAccounts',
    summary: "The restaurant's own accounts with payment providers",
    example: { as: 'manager', query: { limit: '20' } },
    parameters: [
      { in: 'query', name: 'cursor', to: 'after', description: 'Where an earlier page ended: its `next_cursor`.' },
      { in: 'query', name: 'limit', to: 'first', description: 'Most to give, 1 to 500.' },
    ],
    statuses: [{ status: 200, description: 'The accounts, in the order they were made.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/merchant-accounts',
    operation: 'CreateMerchantAccount',
    summary: 'Make an account with a payment provider',
    example: {
      as: 'manager',
      body: {
        provider: 'vietqr',
        name: 'House bank',
        settings: { bank_bin: '970436', account_number: '0123456789', account_name: 'PHO MAI' },
        secrets: { sepay_secret: 'from-the-portal-of-the-bank-feed' },
      },
    },
    parameters: [],
    body: { to: 'input', description: 'The account, with its secrets.', without: [] },
    flatten: ['account'],
    statuses: [{ status: 201, description: 'The account, without its secrets.' }],
  },
  {
    method: 'PATCH',
    path: '/api/v1/admin/merchant-accounts/{account_id}',
    operation: 'UpdateMerchantAccount',
    summary: 'Change an account, or take it out of use and back',
    parameters: [accountInPath],
    body: { to: 'input', description: 'What to change.', without: ['accountId'] },
    flatten: ['account'],
    statuses: [{ status: 200, description: 'The account as it now is.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/merchant-accounts/{account_id}/rotate-secrets',
    operation: 'RotateMerchantSecrets',
    summary: 'Take new secrets into use',
    parameters: [accountInPath],
    body: { to: 'input', description: 'All secrets of the account.', without: ['accountId'] },
    flatten: ['account'],
    statuses: [{ status: 200, description: 'The account, without its secrets.' }],
  },
  {
    method: 'DELETE',
    path: '/api/v1/admin/merchant-accounts/{account_id}',
    operation: 'DisableMerchantAccount',
    summary: 'Take an account out of use',
    parameters: [accountInPath],
    statuses: [{ status: 204, description: 'It takes no new payments.' }],
  },
];
