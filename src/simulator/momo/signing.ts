import { createHmac } from 'node:crypto';

/** What MoMo signs, by kind of message, in its order: values as they are, nothing escaped. */
const SIGNED = {
  create: 'accessKey amount extraData ipnUrl orderId orderInfo partnerCode redirectUrl requestId requestType',
  created: 'accessKey amount message orderId partnerCode payUrl requestId responseTime resultCode',
  query: 'accessKey orderId partnerCode requestId',
  refund: 'accessKey amount description orderId partnerCode requestId transId',
  notice:
    'accessKey amount extraData message orderId orderInfo orderType partnerCode payType requestId responseTime resultCode transId',
};

export function momoText(kind: keyof typeof SIGNED, values: Readonly<Record<string, string | number>>): string {
  const parts = SIGNED[kind].split(' ').map((name) => `${name}=${values[name] ?? ''}`);
  return parts.join('&');
}

export function momoSignature(signed: string, secretKey: string): string {
  return createHmac('sha256', secretKey).update(signed, 'utf8').digest('hex');
}
