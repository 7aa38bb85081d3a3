import { Index } from "./word-index.js";

@profile
function readDocuments(count: number): string[] {
  const documents: string[] = [];
  for (let number = 0; number < count; number++) {
    documents.push(`document ${number} has ${"some ".repeat(40)}words`);
  }
  return documents;
}

const index = new Index();
for (const document of readDocuments(20_000)) index.add(document);
console.log(`${index.size} words`);
