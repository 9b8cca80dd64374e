import { createHmac } from 'node:crypto';

/** SePay's headers: the moment, and a signature over it and the body. */
export function sepayHeaders(body: string, at: number, secret: string): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex');
  return {
    'content-type': 'application/json',
    'x-sepay-timestamp': timestamp,
    'x-sepay-signature': `sha256=${signature}`,
  };
}
