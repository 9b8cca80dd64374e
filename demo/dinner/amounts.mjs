/** Amounts and ways to pay, as people write them. The demo restaurant's currency has no minor unit. */

const figures = new Intl.NumberFormat('vi-VN');
export const money = (/** @type {number} */ amount) => figures.format(amount).replace('-', '−');
export const dong = (/** @type {number} */ amount) => `${money(amount)} ₫`;

/** @type {Readonly<Record<string, string>>} */
const methods = { cash: 'cash', momo: 'MoMo', vnpay: 'VNPay', zalopay: 'ZaloPay', bank_transfer: 'bank transfer' };
export const methodName = (/** @type {string} */ method) => methods[method] ?? method;
