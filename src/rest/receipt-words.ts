/** Languages that a receipt comes in. */
export const receiptLanguages = ['vi', 'en'] as const;
export type ReceiptLanguage = (typeof receiptLanguages)[number];

/** What a receipt says around the bill. */
export interface ReceiptWords {
  readonly receipt: string;
  /** Over a bill that is not paid. */
  readonly bill: string;
  readonly table: string;
  readonly opened: string;
  readonly ended: string;
  readonly subtotal: string;
  readonly discount: string;
  readonly surcharge: string;
  readonly service: string;
  readonly tax: string;
  readonly rounding: string;
  readonly includedTax: string;
  readonly total: string;
  readonly refunded: string;
  readonly due: string;
  readonly overpaid: string;
  readonly paidInFull: string;
  readonly empty: string;
  readonly thanks: string;
  readonly notTaxInvoice: string;
  readonly methods: Readonly<Record<string, string>>;
}

const brands = { MOMO: 'MoMo', VNPAY: 'VNPay', ZALOPAY: 'ZaloPay' } as const;

export const receiptWords: Readonly<Record<ReceiptLanguage, ReceiptWords>> = {
  vi: {
    ...{ receipt: 'Biên nhận', bill: 'Phiếu tạm tính', table: 'Bàn', opened: 'Vào lúc', ended: 'Kết thúc' },
    ...{ subtotal: 'Tạm tính', discount: 'Giảm giá', surcharge: 'Phụ thu', service: 'Phí phục vụ', tax: 'Thuế' },
    ...{
      rounding: 'Làm tròn tiền mặt',
      includedTax: 'Trong đó thuế',
      total: 'Tổng cộng',
      refunded: 'Đã hoàn lại',
      due: 'Còn phải trả',
    },
    ...{ overpaid: 'Trả thừa', paidInFull: 'Đã thanh toán', empty: 'Chưa gọi món', thanks: 'Cảm ơn quý khách!' },
    notTaxInvoice: 'Không thay thế hóa đơn thuế',
    methods: { ...brands, CASH: 'Tiền mặt', BANK_TRANSFER: 'Chuyển khoản', OTHER: 'Khác' },
  },
  en: {
    ...{ receipt: 'Receipt', bill: 'Bill, not yet paid', table: 'Table', opened: 'Opened', ended: 'Ended' },
    ...{ subtotal: 'Subtotal', discount: 'Discount', surcharge: 'Surcharge', service: 'Service charge', tax: 'Tax' },
    ...{ rounding: 'Cash rounding', includedTax: 'Tax included', total: 'Total', refunded: 'Given back', due: 'Due' },
    ...{ overpaid: 'Paid too much', paidInFull: 'Paid', empty: 'Nothing was ordered', thanks: 'Thank you!' },
    notTaxInvoice: 'Not a tax invoice',
    methods: { ...brands, CASH: 'Cash', BANK_TRANSFER: 'Bank transfer', OTHER: 'Other' },
  },
};
