type Child = Node | string | number | undefined;

/** An element with text and other elements in it. What the program says can only become text here. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  for (const child of children) if (child !== undefined) made.append(typeof child === "number" ? String(child) : child);
  return made;
}

/** The element with this id, which `skeleton.html` has. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no #${id}`);
  return found;
}

/** Text with the part that was looked for marked. */
export function marked(text: string, query: string): (Node | string)[] {
  if (query === "") return [text];
  const parts: (Node | string)[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  // Lower case may be longer than what it is of: then nothing is marked rather than something else.
  for (let at = lower.indexOf(query); at >= 0 && lower.length === text.length; at = lower.indexOf(query, from)) {
    parts.push(text.slice(from, at), element("mark", "", text.slice(at, at + query.length)));
    from = at + query.length;
  }
  return [...parts, text.slice(from)];
}

/** An element of a drawing: of the same kind as the one in the page. */
export function drawn(tag: string, attributes: Readonly<Record<string, string>>): Element {
  const made = document.createElementNS(byId("curve").namespaceURI, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
