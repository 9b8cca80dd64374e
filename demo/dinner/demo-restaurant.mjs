/** What every demo server has: see "Demo restaurant" in the README. */
const id = (/** @type {number} */ suffix) => `01900000-0000-7000-8000-${String(suffix).padStart(12, '0')}`;

export const location = id(10);
export const staffKey = 'demo-staff-key';
export const cashierKey = 'demo-cashier-key';

export const tables = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => ({
  ...{ id: id(100 + number), name: `T${number}`, token: `demo-table-${number}` },
}));

/** A table that the pages and the README's tour leave alone. */
export const table = { id: id(104), name: 'T4', token: 'demo-table-4' };

export const dishes = {
  pho: id(201),
  goiCuon: id(202),
  caPhe: id(203),
  chaCa: id(204),
  bunCha: id(206),
  banhXeo: id(210),
  traDa: id(211),
  cheBaMau: id(213),
};

export const options = { regular: id(301), large: id(302), egg: id(303), quay: id(304) };
