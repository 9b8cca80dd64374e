import type { Reply } from '../gateway.js';
import { type Fields, text } from '../fields.js';
import type { MomoMerchant } from '../options.js';
import { momoSignature, momoText } from './signing.js';

/** MoMo's result codes that the simulator gives, with the words it gives them in. */
const MESSAGES = {
  0: 'Thành công.',
  13: 'Xác thực doanh nghiệp thất bại.',
  20: 'Yêu cầu sai định dạng.',
  22: 'Số tiền giao dịch nằm ngoài phạm vi cho phép.',
  40: 'RequestId bị trùng.',
  41: 'OrderId bị trùng.',
  42: 'OrderId không hợp lệ hoặc không được tìm thấy.',
  1000: 'Giao dịch đã được khởi tạo, chờ người dùng xác nhận thanh toán.',
  1005: 'Giao dịch thất bại do url hoặc QR code đã hết hạn.',
  1006: 'Giao dịch bị từ chối bởi người dùng.',
  1081: 'Yêu cầu hoàn tiền bị từ chối.',
} as const;
export type MomoCode = keyof typeof MESSAGES;

export const momoMessage = (code: MomoCode): string => MESSAGES[code];

/** An answer of MoMo's API: what was asked about, the result, and `more`. `why` follows the message, for the developer. */
export function momoReply(
  fields: Fields,
  { code, why, at }: { readonly code: MomoCode; readonly why?: string; readonly at: number },
  more: object = {},
): Reply {
  const about = { partnerCode: text(fields, 'partnerCode'), orderId: text(fields, 'orderId') };
  const message = why === undefined ? MESSAGES[code] : `${MESSAGES[code]} (${why})`;
  const body = {
    ...about,
    requestId: text(fields, 'requestId'),
    ...more,
    responseTime: at,
    message,
    resultCode: code,
  };
  // The simulator's choice: MoMo does not publish which status goes with which fault.
  return { status: [13, 20, 22, 40, 41].includes(code) ? 400 : 200, body };
}

/** Undefined: the request is signed by this merchant. */
export function momoRefusal(
  kind: 'create' | 'query' | 'refund',
  fields: Fields,
  merchant: MomoMerchant,
): string | undefined {
  if (text(fields, 'partnerCode') !== merchant.partnerCode) return 'partnerCode is not known';
  const values = Object.fromEntries(Object.keys(fields).map((name) => [name, text(fields, name)]));
  const signed = momoText(kind, { ...values, accessKey: merchant.accessKey });
  return momoSignature(signed, merchant.secretKey) === text(fields, 'signature') ? undefined : 'signature';
}
