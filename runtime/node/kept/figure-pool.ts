/** Memory for figures that lies together, so that all of it is written at once. */

/** Values of the first piece; each later one is twice as large. */
const FIRST = 4096;
const LARGEST = 1 << 17;

interface Piece {
  array: Float64Array;
  used: number;
  /** The values in the pieces before it. */
  base: number;
}

export class FigurePool {
  private readonly pieces: Piece[] = [];
  private readonly byBuffer = new Map<ArrayBufferLike, Piece>();
  private bytes: Uint8Array[] = [];
  private described = -1;
  /** How many values are in use. */
  length = 0;

  /** @returns an array of zeros of its own */
  allocate(length: number): Float64Array {
    const piece = this.pieceFor(length);
    const array = piece.array.subarray(piece.used, piece.used + length);
    piece.used += length;
    this.length += length;
    return array;
  }

  private pieceFor(length: number): Piece {
    const last = this.pieces[this.pieces.length - 1];
    if (last !== undefined && last.used + length <= last.array.length) return last;
    const size = last === undefined ? FIRST : Math.min(LARGEST, 2 * last.array.length);
    const piece = { array: new Float64Array(Math.max(size, length)), used: 0, base: this.length };
    this.pieces[this.pieces.length] = piece;
    this.byBuffer.set(piece.array.buffer, piece);
    return piece;
  }

  /** Where the values of an array are among all; undefined for one that is not of this pool. */
  placeOf({ buffer, byteOffset }: Float64Array): number | undefined {
    const piece = this.byBuffer.get(buffer);
    return piece && piece.base + byteOffset / Float64Array.BYTES_PER_ELEMENT;
  }

  /** Of those that are of this pool. */
  placesOf(arrays: readonly Float64Array[]): number[] {
    return arrays.flatMap((array) => this.placeOf(array) ?? []);
  }

  /** All values in use, in the order of their places. */
  parts(): readonly Uint8Array[] {
    if (this.described !== this.length) {
      this.described = this.length;
      this.bytes = this.pieces.map(
        ({ array, used }) => new Uint8Array(array.buffer, 0, used * Float64Array.BYTES_PER_ELEMENT),
      );
    }
    return this.bytes;
  }
}
