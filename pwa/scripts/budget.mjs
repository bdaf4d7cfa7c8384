/**
 * The first visit of the phone app, everything before the first screen can be used: HTML, CSS and JS that index.html
 * loads, compressed (gzip, the worse of the two that are served). Fails above 70 KB, or if it would load clinic code.
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 70 * 1024;
const dist = new URL("../dist/", import.meta.url);
const read = (path) => readFileSync(new URL(path.replace(/^\//, ""), dist), "utf8");

const html = read("index.html");
const files = new Set(["/index.html"]);
const queue = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);
while (queue.length > 0) {
  const file = queue.pop();
  if (files.has(file)) continue;
  files.add(file);
  if (!file.endsWith(".js")) continue;
  // Static imports only: a chunk behind import() is not part of the first visit.
  for (const match of read(file).matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g))
    queue.push(new URL(match[1], `file://${file}`).pathname);
}
// Another language's words load before the first screen when the phone speaks it.
const words = [...files]
  .filter((file) => file.endsWith(".js"))
  .flatMap((file) => [...read(file).matchAll(/import\([`"](\.\/(?:phone|shared)-[^"`]+\.js)/g)]);
for (const match of words) files.add(new URL(match[1], "file:///assets/").pathname);

let total = 0;
for (const file of files) {
  const bytes = gzipSync(read(file), { level: 9 }).length;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(7)} KB  first visit, of ${BUDGET_BYTES / 1024} KB`);
const clinic = [...files].filter((file) => file.includes("clinic"));
if (clinic.length > 0) throw new Error(`The phone would load clinic code: ${clinic.join(", ")}`);
if (total > BUDGET_BYTES)
  throw new Error("The first visit of the phone app is above its budget (docs: PHONE.md, Budgets).");
