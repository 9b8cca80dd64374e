/** @import { Plan, Quirk, Random, Style } from './types.js' */

const names = ['Lan', 'Minh', 'Hoa', 'Tuấn', 'Sáu', 'Hạnh', 'Quân', 'Vy', 'Bảo', 'Trang', 'Đức', 'Ngọc', 'Hải', 'Mỹ'];
names.push('Sơn', 'Yến', 'Phúc', 'Thảo', 'Long', 'Huệ', 'Khánh', 'Liên', 'Dũng', 'Oanh', 'Tâm', 'Xuân', 'Cường', 'Nhi');
names.push('Việt', 'Giang', 'Kim', 'Thành', 'Diệp', 'Hiếu', 'Ly', 'Phong', 'Châu', 'Nghĩa', 'Uyên', 'Toàn');

/** So many phones are in the house at most: the first eight parties, and one more. */
export const mostPhones = 30;
const firstSizes = [4, 4, 4, 4, 4, 3, 3, 3];
const laterSizes = [2, 2, 3, 3, 3, 4, 4, 2, 3, 4, 3, 2];

/** Each way to pay comes up, whatever the seed. @type {readonly Style[]} */
const styles = ['cash', 'momo', 'vnpay', 'zalopay', 'shares', 'lines', 'amount', 'failure', 'late', 'forged'];

/**
 * Who comes when, and what is special about them.
 * @param {Random} random
 * @returns {Plan[]}
 */
export function planParties(random) {
  const first = random.shuffle(firstSizes).map((size) => ({ size, arrival: random.between(0, 11) }));
  const later = random
    .shuffle(laterSizes)
    .map((size, index) => ({ size, arrival: 26 + index * 4 + random.between(0, 3) }));
  const coming = [...first, ...later];
  const ways = [...random.shuffle(styles), ...random.shuffle(styles)];
  const guests = random.shuffle(names);
  // One of the first gets a stranger; later ones move, are in a hurry, leave without paying, or get something off.
  /** @type {readonly (readonly [number, Quirk])[]} */
  const special = [
    [random.between(0, 7), 'stranger'],
    [random.between(9, 12), 'move'],
    [random.between(13, 15), 'discount'],
    [random.between(16, 18), 'hurry'],
  ];
  const quirks = new Map(special);
  let seated = 0;
  return coming.map(({ size, arrival }, number) => {
    seated += size;
    return {
      ...{ number, arrival, quirk: quirks.get(number), style: number === 8 ? 'not at all' : (ways[number] ?? 'cash') },
      guests: Array.from({ length: size }, (_, index) => guests[(seated - index) % guests.length] ?? 'Lan'),
    };
  });
}
