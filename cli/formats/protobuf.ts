/** Enough of protobuf's wire format to write a message of numbers, texts and messages. */

const VARINT = 0;
const BYTES = 2;

/** Fields in the order in which they are written. */
export class Message {
  private readonly bytes: number[] = [];

  /** A whole number, of any sign; 0 is not written, as in proto3. */
  number(field: number, value: number): this {
    if (value !== 0) this.key(field, VARINT).varint(BigInt(value));
    return this;
  }

  /** Numbers of a repeated field, packed; those that are 0 count. */
  numbers(field: number, values: readonly number[]): this {
    const packed = new Message();
    for (const value of values) packed.varint(BigInt(value));
    return this.block(field, packed.bytes);
  }

  /** Of a repeated field: an empty one counts. */
  text(field: number, value: string): this {
    return this.block(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.block(field, value.bytes);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  private key(field: number, type: number): this {
    return this.varint(BigInt(field * 8 + type));
  }

  private block(field: number, bytes: ArrayLike<number>): this {
    this.key(field, BYTES).varint(BigInt(bytes.length));
    for (let i = 0; i < bytes.length; i++) this.bytes.push(bytes[i]!);
    return this;
  }

  /** Seven bits a byte, the lowest first; negative numbers in the 64 bits of their two's complement. */
  private varint(value: bigint): this {
    let rest = BigInt.asUintN(64, value);
    for (; rest > 0x7fn; rest >>= 7n) this.bytes.push(Number(rest & 0x7fn) | 0x80);
    this.bytes.push(Number(rest));
    return this;
  }
}
