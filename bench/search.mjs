// Asks an index what bench/search.py gives it: node search.mjs RUNTIME INDEX QUERIES. Prints rankings, bytes, requests, times.
import fs from "node:fs";
import zlib from "node:zlib";

const [runtime, index, queriesFile] = process.argv.slice(2);
const { create } = await import(runtime);
const queries = JSON.parse(fs.readFileSync(queriesFile, "utf8"));
const quality = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } };
const sizes = new Map();
const size = (path) => sizes.get(path) ?? sizes.set(path, zlib.brotliCompressSync(fs.readFileSync(path), quality).length).get(path);

let bytes = 0, requests = 0;
const fetch = async (path) => {
  if (!fs.existsSync(path)) return { ok: false };
  bytes += size(path);
  requests += 1;
  return { ok: true, json: async () => JSON.parse(fs.readFileSync(path, "utf8")) };
};
const asked = async (search, query, details) => {
  [bytes, requests] = [0, 0];
  const found = await search.search(query, { limit: 10 });
  for (const one of found.results.slice(0, details)) await one.details();
  return { results: found.results.map((one) => one.url), bytes, requests };
};

// Each query as the first one of a visitor, the script included; the next query of the same visitor; excerpts of one result.
const script = size(runtime);
const first = [], later = [], excerpt = [];
for (const [at, query] of queries.entries()) {
  const search = create({ base: `${index}/`, fetch });
  const found = await asked(search, query, 0);
  first.push({ ...found, bytes: found.bytes + script, requests: found.requests + 1 });
  if (at % 5) continue;
  later.push(await asked(search, queries[(at + 7) % queries.length], 0));
  excerpt.push(await asked(search, queries[(at + 7) % queries.length], 1));
}

// Times with everything loaded and compiled.
const search = create({ base: `${index}/`, fetch });
for (const query of queries) await search.search(query);
const times = [];
for (const query of queries) {
  const before = performance.now();
  await search.search(query, { limit: 10 });
  times.push(performance.now() - before);
}
console.log(JSON.stringify({ first, later, excerpt, times, script }));
