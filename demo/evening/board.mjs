/** @import { Clock, FloorTable, Restaurant, Ticket } from './types.js' */

/**
 * The screens on the wall: floor and kitchen, read once a minute however many look at them.
 * @param {Restaurant} restaurant
 * @param {Clock} clock
 */
export function createBoard(restaurant, clock) {
  /** @template T @param {() => Promise<T>} read */
  const onceAMinute = (read) => {
    let at = -1;
    /** @type {Promise<T>} */
    let shown;
    return () => {
      if (at !== clock.minute) {
        at = clock.minute;
        shown = read();
      }
      return shown;
    };
  };
  return {
    /** @type {() => Promise<FloorTable[]>} */
    floor: onceAMinute(restaurant.floor),
    /** @type {() => Promise<Ticket[]>} */
    kitchen: onceAMinute(restaurant.kitchen),
  };
}
