/** Classes: a base, a derived one, and a copy by spread. */
const ROUNDS = 1.5e6;
class Shape {
  constructor(id) {
    this.id = id;
    this.name = "shape";
  }
}
class Square extends Shape {
  constructor(id) {
    super(id);
    this.side = id & 7;
    this.corners = [id, id, id, id];
  }
}
export const units = {
  shape: (i) => new Shape(i),
  square: (i) => new Square(i),
  copy: (i) => ({ ...{ id: i, name: "copy", other: null } }),
};
export const bytes = (size) => ({
  shape: ROUNDS * size.shape,
  square: ROUNDS * size.square,
  copy: ROUNDS * size.copy,
});

export function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    const shape = new Shape(i); //= shape
    kept[i & 15] = shape;
    const square = new Square(i); //= square
    kept[16 + (i & 15)] = square;
    kept[32 + (i & 15)] = { ...{ id: i, name: "copy", other: null } }; //= copy
  }
  return kept;
}
