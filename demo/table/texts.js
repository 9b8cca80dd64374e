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
    total: 'Tổng cộng',
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
    total: 'Total',
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
