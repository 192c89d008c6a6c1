// CRC-32C (Castagnoli), RFC 3720 appendix B.4.
const TABLE = new Int32Array(256);
for (let index = 0; index < 256; index++) {
  let value = index;
  for (let bit = 0; bit < 8; bit++) {
    value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  }
  TABLE[index] = value;
}

export class Crc32c {
  #state = -1;

  update(bytes) {
    let state = this.#state;
    for (let index = 0; index < bytes.length; index++) {
      state = TABLE[(state ^ bytes[index]) & 0xff] ^ (state >>> 8);
    }
    this.#state = state;
  }

  /** Big-endian, in Base64. */
  digest() {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(~this.#state);
    return bytes.toString('base64');
  }
}
