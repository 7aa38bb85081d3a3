/** Which documents have a word. */
export class Index {
  readonly #documents = new Map<string, string[]>();

  @profile
  add(document: string): void {
    for (const word of document.split(" ")) {
      const known = this.#documents.get(word) ?? [];
      known.push(document);
      this.#documents.set(word, known);
    }
  }

  get size(): number {
    return this.#documents.size;
  }
}
