/** All that the page says, in Vietnamese and English. */
const texts = {
  vi: {
    other: 'English',
    hello: 'Chào bạn!',
    yourName: 'Tên của bạn, để cả bàn biết ai gọi món',
    sit: 'Vào bàn',
    menu: 'Thực đơn',
    cart: 'Cả bàn',
    soldOut: 'Hết món',
    add: 'Thêm',
    note: 'Ghi chú cho bếp',
    close: 'Đóng',
    choose: (count) => `chọn ${count}`,
    upTo: (count) => `tối đa ${count}`,
    more: (name) => `Thêm một phần ${name}`,
    less: (name) => `Bớt một phần ${name}`,
    remove: (name) => `Bỏ ${name}`,
    send: (count) => `Gửi bếp (${count})`,
    states: {
      draft: 'chưa gửi',
      sent: 'đã gửi bếp',
      preparing: 'đang nấu',
      ready: 'sắp mang ra',
      served: 'đã mang ra',
      cancelled: 'đã huỷ',
    },
    calls: { waiter: 'Gọi phục vụ', bill: 'Xin tính tiền' },
    called: { waiter: 'Đã gọi phục vụ', bill: 'Đã xin tính tiền' },
    coming: (name) => `${name || 'Phục vụ'} đang đến`,
    moved: (table) => `Bàn của bạn bây giờ là ${table}.`,
    total: 'Tổng cộng',
    pay: 'Thanh toán',
    paid: 'Đã trả',
    due: 'Còn lại',
    paying: (name) => `Đang trả: ${name}`,
    part: 'Trả phần nào?',
    parts: { all: () => 'Tất cả', lines: () => 'Món của tôi', share: (count) => `Chia đều cho ${count} người` },
    through: 'Trả bằng',
    refusals: {
      BILL_CLAIMED: 'Người khác đang trả phần này. Hãy đợi một chút, hoặc chọn phần khác.',
      NOTHING_DUE: 'Phần này không còn gì phải trả.',
      AMOUNT_NOT_PAYABLE: 'Không trả được số tiền này theo cách đã chọn.',
      PROVIDER_UNAVAILABLE: 'Cổng thanh toán chưa trả lời. Hãy thử lại, hoặc chọn cách khác.',
    },
    paidUp: 'Đã thanh toán đủ. Cảm ơn quý khách!',
    empty: 'Chưa ai gọi món nào.',
    me: 'bạn',
    offline: 'Mất kết nối. Món bạn chọn sẽ được gửi khi có mạng lại.',
    waiting: (count) => `Đang gửi ${count} thay đổi…`,
    ended: 'Bàn này đã kết thúc. Quét lại mã trên bàn để bắt đầu.',
    noCode: 'Hãy quét mã QR trên bàn.',
    badCode: 'Mã này không còn dùng được. Hãy quét lại mã trên bàn.',
  },
  en: {
    other: 'Tiếng Việt',
    hello: 'Hello!',
    yourName: 'Your name, so that the table knows who ordered what',
    sit: 'Sit down',
    menu: 'Menu',
    cart: 'Our table',
    soldOut: 'Sold out',
    add: 'Add',
    note: 'A note for the kitchen',
    close: 'Close',
    choose: (count) => `choose ${count}`,
    upTo: (count) => `up to ${count}`,
    more: (name) => `One more ${name}`,
    less: (name) => `One ${name} less`,
    remove: (name) => `Take ${name} off`,
    send: (count) => `Send to kitchen (${count})`,
    states: {
      draft: 'not sent yet',
      sent: 'in the kitchen',
      preparing: 'being cooked',
      ready: 'on its way',
      served: 'served',
      cancelled: 'cancelled',
    },
    calls: { waiter: 'Call a waiter', bill: 'Ask for the bill' },
    called: { waiter: 'A waiter is called', bill: 'The bill is asked for' },
    coming: (name) => `${name || 'Somebody'} is coming`,
    moved: (table) => `You sit at ${table} now.`,
    total: 'Total',
    pay: 'Pay',
    paid: 'Paid',
    due: 'Due',
    paying: (name) => `Being paid by: ${name}`,
    part: 'Which part?',
    parts: { all: () => 'Everything', lines: () => 'What I ordered', share: (count) => `An equal share of ${count}` },
    through: 'Through',
    refusals: {
      BILL_CLAIMED: 'Somebody else is paying this part. Wait a moment, or choose another part.',
      NOTHING_DUE: 'Nothing of this part is due.',
      AMOUNT_NOT_PAYABLE: 'This amount cannot be paid this way.',
      PROVIDER_UNAVAILABLE: 'The payment provider does not answer. Try again, or choose another way.',
    },
    paidUp: 'All is paid. Thank you!',
    empty: 'Nobody has ordered yet.',
    me: 'you',
    offline: 'Offline. What you choose is sent when you are back.',
    waiting: (count) => `Sending ${count} ${count === 1 ? 'change' : 'changes'}…`,
    ended: 'This visit has ended. Scan the code on the table to begin anew.',
    noCode: 'Please scan the QR code on the table.',
    badCode: 'This code is no longer valid. Please scan the one on the table again.',
  },
};

let language = localStorage.getItem('qr-session:language') ?? (navigator.language.startsWith('vi') ? 'vi' : 'en');

export const say = () => texts[language];
export const currentLanguage = () => language;

export function switchLanguage() {
  language = language === 'vi' ? 'en' : 'vi';
  localStorage.setItem('qr-session:language', language);
}

/** Amounts are minor units; the currency says how many decimals that is. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}
