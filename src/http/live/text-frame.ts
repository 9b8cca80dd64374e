/** The length of a frame's head for so many bytes of payload: RFC 6455, section 5.2. */
function headLength(size: number): number {
  if (size < 126) return 2;
  return size < 65_536 ? 4 : 10;
}

/**
 * A whole text message as one unmasked frame: `start` and then `rest`. One buffer instead of the library's two saves
 * a third of what a message costs, because two of them go to the system as a list.
 */
export function textFrame(start: string, rest: Buffer): Buffer {
  const startLength = Buffer.byteLength(start);
  const size = startLength + rest.length;
  const head = headLength(size);
  const frame = Buffer.allocUnsafe(head + size);
  frame[0] = 0x81;
  if (head === 2) frame[1] = size;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = 127;
    frame.writeUIntBE(0, 2, 2);
    frame.writeUIntBE(size, 4, 6);
  }
  frame.write(start, head);
  rest.copy(frame, head + startLength);
  return frame;
}
