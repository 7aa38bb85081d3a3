// Orders of a shop, summed up: one line of it keeps more than it needs. `npx mprof --backend all --html orders.html examples/orders.ts`
interface Order {
  id: number;
  customer: string;
  items: { sku: string; price: number }[];
  note: string;
}

// @profile
function readOrders(count: number): Order[] {
  const lines: string[] = [];
  for (let id = 0; id < count; id++) {
    lines.push(JSON.stringify(makeOrder(id)));
  }
  const text = `[${lines.join(",")}]`;
  return JSON.parse(text);
}

function makeOrder(id: number): Order {
  const items = Array.from({ length: 1 + (id % 5) }, (_, n) => ({ sku: `A-${id * 7 + n}`, price: (id % 90) + n }));
  return { id, customer: `customer ${id % 4000}`, items, note: `${id} `.repeat(20) };
}

class Customers {
  readonly #byName = new Map<string, Order[]>();

  // @profile
  add(orders: readonly Order[]): void {
    for (const order of orders) {
      const known = this.#byName.get(order.customer) ?? [];
      this.#byName.set(order.customer, [...known, structuredClone(order)]);
    }
  }

  // @profile
  totals(): Float64Array {
    const totals = new Float64Array(this.#byName.size);
    let at = 0;
    for (const orders of this.#byName.values()) {
      totals[at++] = orders.flatMap(({ items }) => items).reduce((sum, { price }) => sum + price, 0);
    }
    return totals;
  }
}

// @profile
function exportPages(totals: Float64Array, pages: number): Buffer[] {
  const header = Buffer.from("customer;total\n");
  const out: Buffer[] = [];
  for (let page = 0; page < pages; page++) {
    const rows = [...totals].map((total, row) => `${page * totals.length + row};${total.toFixed(2)}`);
    out.push(Buffer.concat([header, Buffer.from(rows.join("\n").padEnd(400_000))]));
  }
  return out;
}

// @profile
function main(): void {
  const orders = readOrders(20_000);
  const customers = new Customers();
  customers.add(orders);
  const totals = customers.totals();
  const pages = exportPages(totals, 30);
  orders.length = 0;
  console.log(`${pages.length} pages of ${totals.length} customers`);
}

main();
