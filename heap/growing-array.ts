interface ArrayOf<A> {
  new (length: number): A;
}

const FIRST_LENGTH = 1 << 12;

/** A typed array whose length is not known from the start. */
export class GrowingArray<A extends Uint32Array | Float64Array> {
  private readonly Type: ArrayOf<A>;
  private values: A;
  private length = 0;

  constructor(Type: ArrayOf<A>) {
    this.Type = Type;
    this.values = new Type(FIRST_LENGTH);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const { values } = this;
      this.values = new this.Type(Math.ceil(this.length * 1.5));
      this.values.set(values);
    }
    this.values[this.length++] = value;
  }

  /** What was pushed; it takes no more then. */
  finish(): A {
    return this.values.subarray(0, this.length) as A;
  }
}
