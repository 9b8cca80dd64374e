import { tables as all } from '../dinner/demo-restaurant.mjs';

/** @import { Table } from './types.js' */

/** Which tables are free, as the waiter at the door sees it. Who already sits and wants to move goes first. */
export function createTables() {
  /** @type {Table[]} */
  let free = [...all];
  let wishes = 0;
  const take = () => {
    const [first] = free;
    free = free.slice(1);
    return first;
  };
  return {
    /** For a party that has just come. */
    takeForNew: () => (free.length > wishes ? take() : undefined),
    wishToMove() {
      wishes += 1;
    },
    /** For a party that moves. */
    takeForMove() {
      const found = take();
      if (found) wishes -= 1;
      return found;
    },
    /** One that is taken. @param {Table} besides */
    occupied: (besides) => all.find((table) => table !== besides && !free.includes(table)),
    /** @param {Table} table */
    giveBack(table) {
      free.push(table);
    },
  };
}
