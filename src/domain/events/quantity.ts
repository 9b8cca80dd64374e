import { Rejection } from '../rejection.js';

/** Portions of one line. */
export const quantityBounds = { min: 1, max: 99 } as const;

/** The quantity if a line may have it, else QUANTITY_OUT_OF_RANGE. */
export function lineQuantity(quantity: number): number {
  const { min, max } = quantityBounds;
  if (quantity >= min && quantity <= max) return quantity;
  throw new Rejection('QUANTITY_OUT_OF_RANGE', `a line has ${min} to ${max} portions, not ${quantity}`, {
    quantity,
    min,
    max,
  });
}
