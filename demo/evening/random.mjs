/**
 * Chance that can be repeated: the same seed gives the same evening.
 * @param {number} seed
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (/** @type {number} */ least, /** @type {number} */ most) =>
    least + Math.floor(next() * (most - least + 1));
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => {
    const found = list[between(0, list.length - 1)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  };
  return {
    between,
    pick,
    chance: (/** @type {number} */ likelihood) => next() < likelihood,
    /** @template T @param {readonly T[]} list @returns {T[]} */
    shuffle(list) {
      const ranked = list.map((value) => ({ value, rank: next() }));
      return ranked.sort((one, other) => one.rank - other.rank).map(({ value }) => value);
    },
    /** Chance of somebody's own, so that what others do meanwhile does not matter. @param {number} number */
    branch: (number) => createRandom(Math.imul(seed + 1, 2_654_435_761) ^ Math.imul(number + 1, 40_503)),
  };
}
