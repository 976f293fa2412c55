// Asks the pages' own search, as each line of its input says: {"runtime", "base", "queries", "limit"}; answers with a line
// of {"rankings"}, the addresses found by each query, or {"fault"}.
import fs from "node:fs";
import readline from "node:readline";

const texts = new Map();
const read = (path) => texts.get(path) ?? texts.set(path, fs.readFileSync(path, "utf8")).get(path);
// As a static host answers.
const fetch = async (path) =>
  fs.existsSync(path) ? { ok: true, status: 200, json: async () => JSON.parse(read(path)) } : { ok: false, status: 404 };

const ranked = async ({ runtime, base, queries, limit }) => {
  const { create } = await import(runtime);
  const rankings = [];
  for (const query of queries) {
    // Each as a visitor's first: what is loaded for one query may help the next.
    const found = await create({ base, fetch }).search(query, { limit });
    if (found.status !== "ok") return { fault: found.status };
    rankings.push(found.results.map((one) => one.url));
  }
  texts.clear();
  return { rankings };
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await ranked(JSON.parse(line))));
}
