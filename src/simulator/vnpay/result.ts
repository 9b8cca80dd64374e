/** Codes of VNPay's API that the simulator gives. */
export const vnpayMessages = {
  '00': 'Success',
  '02': 'Invalid TmnCode',
  '03': 'Invalid data format',
  '91': 'Transaction not found',
  '93': 'Invalid refund amount',
  '94': 'Duplicate request',
  '95': 'The original transaction was not successful',
  '97': 'Invalid checksum',
} as const;

/** What an API call comes to: VNPay's code, and values without their `vnp_`. */
export interface ApiResult {
  readonly code: keyof typeof vnpayMessages;
  readonly values?: Readonly<Record<string, string>>;
}
