/** All that the page says, in Vietnamese and English. */
const texts = {
  vi: {
    other: 'English',
    simulator: 'MÔ PHỎNG (SIMULATOR): không phải cổng thanh toán thật, không có tiền thật',
    orders: 'Các đơn thanh toán',
    none: 'Chưa có đơn nào. Hãy chọn thanh toán ở trang của bàn.',
    lost: 'Trình mô phỏng không biết đơn này. Nó chỉ nhớ trong bộ nhớ, và quên khi máy chủ khởi động lại.',
    offline: 'Không gọi được máy chủ. Sẽ thử lại.',
    pay: 'Thanh toán',
    merchant: 'Cửa hàng',
    account: 'Tài khoản nhận',
    reference: 'Mã tham chiếu',
    message: 'Nội dung',
    until: 'Trả trước',
    due: (time) => `Khách sẽ trả lúc ${time}`,
    again: (time) => `Gọi lại lúc ${time}`,
    states: {
      open: 'Chờ thanh toán',
      paying_later: 'Sẽ trả sau',
      paid: 'Đã trả',
      failed: 'Không thành công',
      expired: 'Hết hạn',
    },
    acts: {
      pay: ['Trả tiền', ''],
      fail: ['Hủy', ''],
      pay_late: ['Trả muộn', 'Khách trả sau một lúc, kể cả khi đơn đã hết hạn hay bị hủy.'],
      pay_twice: ['Báo hai lần', 'Cùng một thông báo được gửi hai lần, giống nhau từng byte.'],
      pay_twice_other_transaction: ['Trả hai lần', 'Tiền đi hai lần: hai thông báo với hai mã giao dịch.'],
      pay_short: ['Trả thiếu', 'Thiếu 10.000 ₫.'],
      forged: ['Giả mạo', 'Ai đó không biết khóa bí mật báo rằng đã trả.'],
      never_answer: ['Không báo', 'Tiền đã đi nhưng không có thông báo: chỉ khi hỏi mới biết.'],
    },
    accidents: 'Những chuyện có thể xảy ra',
    after: 'Sau bao lâu',
    seconds: (count) => (count < 60 ? `${count} giây` : `${count / 60} phút`),
    sent: 'Đã gửi cho nhà hàng',
    nothingSent: 'Chưa gửi gì.',
    quiet: 'ZaloPay không báo khi khách hủy: nhà hàng phải hỏi.',
    answered: 'Trả lời',
    noAnswer: 'không có trả lời',
    empty: '(rỗng)',
    forgedMark: 'giả mạo',
    request: 'Yêu cầu',
    refunds: 'Đã hoàn tiền',
    back: 'Về nhà hàng',
    all: 'Tất cả đơn',
    phone: 'Mở trên điện thoại',
    bank: 'Chuyển khoản ngân hàng',
    bankHint: 'Dán nội dung mã VietQR, hoặc gõ nội dung chuyển khoản và số tiền.',
    qr: 'Nội dung mã VietQR',
    amount: 'Số tiền (₫)',
    scan: 'Tiếp tục',
    refusals: {
      '01': 'Mã đơn đã được dùng cho một thanh toán khác.',
      '03': 'Dữ liệu sai định dạng.',
      15: 'Đơn đã hết hạn thanh toán.',
      70: 'Sai chữ ký.',
      72: 'Không tìm thấy website (mã terminal).',
    },
    refused: 'VNPay từ chối đơn này',
  },
  en: {
    other: 'Tiếng Việt',
    simulator: 'SIMULATOR: no real payment gateway, no real money',
    orders: 'Payment orders',
    none: 'No order yet. Choose to pay on the page of a table.',
    lost: 'The simulator does not know this order. It remembers in memory only, and forgets when the server restarts.',
    offline: 'The server cannot be reached. Trying again.',
    pay: 'Pay',
    merchant: 'Merchant',
    account: 'To account',
    reference: 'Reference',
    message: 'Message',
    until: 'Pay before',
    due: (time) => `The guest pays at ${time}`,
    again: (time) => `Calls again at ${time}`,
    states: {
      open: 'Waiting for payment',
      paying_later: 'Pays later',
      paid: 'Paid',
      failed: 'Failed',
      expired: 'Expired',
    },
    acts: {
      pay: ['Pay', ''],
      fail: ['Cancel', ''],
      pay_late: ['Pay late', 'The guest pays after a while, even if the order has expired or was cancelled by then.'],
      pay_twice: ['Tell twice', 'The same notice is delivered twice, byte for byte.'],
      pay_twice_other_transaction: ['Pay twice', 'Money moves twice: two notices with two transaction ids.'],
      pay_short: ['Pay short', '10.000 ₫ less.'],
      forged: ['Forged', 'Somebody who does not know the secret claims that it was paid.'],
      never_answer: ['Never tell', 'Money moves, but no notice comes: only a query finds out.'],
    },
    accidents: 'What can happen',
    after: 'After',
    seconds: (count) => (count < 60 ? `${count} seconds` : `${count / 60} min`),
    sent: 'Sent to the restaurant',
    nothingSent: 'Nothing was sent yet.',
    quiet: 'ZaloPay does not tell of a cancelled payment: the restaurant has to ask.',
    answered: 'Answer',
    noAnswer: 'no answer',
    empty: '(empty)',
    forgedMark: 'forged',
    request: 'Request',
    refunds: 'Refunded',
    back: 'Back to the restaurant',
    all: 'All orders',
    phone: 'Open on a phone',
    bank: 'Bank transfer',
    bankHint: 'Paste the text of a VietQR, or type the message of the transfer and an amount.',
    qr: 'Text of the VietQR',
    amount: 'Amount (₫)',
    scan: 'Continue',
    refusals: {
      '01': 'The reference was used for another payment.',
      '03': 'The data has a wrong format.',
      15: 'The time to pay is over.',
      70: 'Wrong signature.',
      72: 'No such website (terminal code).',
    },
    refused: 'VNPay refuses this order',
  },
};

const KEPT_AS = 'qr-session:language';
let language = localStorage.getItem(KEPT_AS) ?? (navigator.language.startsWith('vi') ? 'vi' : 'en');

export const say = () => texts[language];
export const currentLanguage = () => language;

export function switchLanguage() {
  language = language === 'vi' ? 'en' : 'vi';
  localStorage.setItem(KEPT_AS, language);
}

/** Dong the way bills in Vietnam print them, in either language. */
const dong = new Intl.NumberFormat('vi-VN', { style: 'currency', currency: 'VND' });
export const money = (amount) => dong.format(amount);

export const clock = (iso) => new Date(iso).toLocaleTimeString(language, { hour12: false });
