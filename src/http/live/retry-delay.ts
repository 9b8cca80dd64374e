/**
 * After how many milliseconds a client that a node sends away is to come to the next one: between half a second and three,
 * so that they do not all come at one instant.
 */
export function retryDelay(): number {
  return 500 + Math.floor(Math.random() * 2_501);
}
