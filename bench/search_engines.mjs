// How each engine is asked in the browser. In Node.js it writes MiniSearch's index: search_engines.mjs DOCUMENTS FOLDER.

// Words, and of runs of Han, kana or Hangul each two neighbouring characters.
const CJK = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー\p{sc=Hangul}]+/gu;
const tokenize = (text) => {
  const pairs = [];
  const rest = text.replace(CJK, (run) => {
    const letters = [...run];
    if (letters.length === 1) pairs.push(run);
    for (let at = 1; at < letters.length; at++) pairs.push(letters[at - 1] + letters[at]);
    return " ";
  });
  return [...rest.split(/[\n\r\p{Z}\p{P}]+/u).filter(Boolean), ...pairs];
};
const MINISEARCH = {
  fields: ["title", "headings", "text"], tokenize,
  searchOptions: { boost: { title: 4, headings: 2 }, prefix: true, fuzzy: (term) => (CJK.test(term) ? false : 0.2) },
};

// open(base, n) is visitor n, who has nothing loaded: a function from a query to the addresses of ten results, as they are shown.
export const engines = {
  async hcgen(base, n) {
    const { create } = await import(`${base}runtime.js?visitor=${n}`);
    const { search } = create({ base });
    return async (query) => (await search(query, { limit: 10 })).results.map((one) => one.url);
  },

  // Its own interface shows five results at once, and loads a file for each.
  async pagefind(base, n) {
    const pagefind = await import(`${base}pagefind/pagefind.js?visitor=${n}`);
    await pagefind.options({ baseUrl: "/" });
    return async (query, shown = 5) => {
      const { results } = await pagefind.search(query);
      const data = await Promise.all(results.slice(0, shown).map((one) => one.data()));
      return data.map((one) => one.raw_url || one.url);
    };
  },

  async minisearch(base, n) {
    const { default: MiniSearch } = await import(`${base}minisearch.js?visitor=${n}`);
    const index = MiniSearch.loadJS(await (await fetch(`${base}index.json`)).json(), MINISEARCH);
    return async (query) => index.search(query).slice(0, 10).map((one) => one.id);
  },

  async material(base) {
    const { config, docs } = await (await fetch(`${base}search_index.json`)).json();
    const worker = new Worker(`${base}workers/search.js`);
    const ask = (message) => new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data.data);
      worker.onerror = reject;
      worker.postMessage(message);
    });
    await ask({ type: 0, data: { config, docs, options: { suggest: false } } });
    const search = async (query) => (await ask({ type: 2, data: query })).items.slice(0, 10).map(([{ location }]) => location.replace(/\/(#.*)?$/, ""));
    search.close = () => worker.terminate();
    return search;
  },
};

if (typeof process !== "undefined") {
  const { readFileSync, writeFileSync } = await import("node:fs");
  const [documents, folder] = process.argv.slice(2);
  const { default: MiniSearch } = await import(`${folder}/minisearch.js`);
  const index = new MiniSearch(MINISEARCH);
  index.addAll(JSON.parse(readFileSync(documents, "utf8")));
  writeFileSync(`${folder}/index.json`, JSON.stringify(index));
}
