const MORE = 12;

/** Rows of one height, of which only those exist that can be seen. */
export class VirtualList {
  readonly #scroller: HTMLElement;
  readonly #body: HTMLElement;
  readonly #render: (index: number) => HTMLElement;
  readonly #rows = new Map<number, HTMLElement>();
  #count = 0;
  #height = 1;

  /** @param body inside of `scroller`; its custom property `--row` is the height of a row in pixels */
  constructor(scroller: HTMLElement, body: HTMLElement, render: (index: number) => HTMLElement) {
    this.#scroller = scroller;
    this.#body = body;
    this.#render = render;
    scroller.addEventListener("scroll", () => this.#draw(), { passive: true });
    new ResizeObserver(() => {
      if (this.#heightNow() === this.#height) this.#draw();
      else this.refresh(this.#count);
    }).observe(scroller);
  }

  /** Draws all anew, of now `count` rows. */
  refresh(count: number): void {
    this.#count = count;
    this.#height = this.#heightNow();
    this.#body.style.height = `${count * this.#height}px`;
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.#draw();
  }

  /** Marks one row of all as the chosen one. */
  choose(index: number | undefined): void {
    for (const [at, row] of this.#rows) row.ariaSelected = String(at === index);
  }

  /** Scrolls so far that a row is seen, below what stands above the rows. */
  reveal(index: number, isCentred = false): void {
    const { clientHeight, scrollTop } = this.#scroller;
    const head = this.#body.offsetTop;
    const top = index * this.#height;
    if (isCentred) this.#scroller.scrollTop = top - (clientHeight - head) / 3;
    else if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top + this.#height > scrollTop + clientHeight - head)
      this.#scroller.scrollTop = top + this.#height - clientHeight + head;
    this.#draw();
  }

  #heightNow(): number {
    return Number.parseFloat(getComputedStyle(this.#body).getPropertyValue("--row")) || 24;
  }

  #draw(): void {
    const { clientHeight, scrollTop } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / this.#height) - MORE);
    const last = Math.min(this.#count - 1, Math.ceil((scrollTop + clientHeight) / this.#height) + MORE);
    for (const [index, row] of this.#rows) {
      if (index >= first && index <= last) continue;
      row.remove();
      this.#rows.delete(index);
    }
    for (let index = first; index <= last; index++) {
      if (this.#rows.has(index)) continue;
      const row = this.#render(index);
      row.style.top = `${index * this.#height}px`;
      this.#rows.set(index, row);
      this.#body.append(row);
    }
  }
}
