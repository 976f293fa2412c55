// The index as files: fetched once, checked, kept. An index that was replaced meanwhile is noticed.
import { frontCoded, rising } from "./numbers.js";

const VERSION = 1;
const NAME = 10;
// Articles in one file of titles.
const PAGE = 4096;

// Why there is no answer: "outdated" (this page is older than the index), "unavailable" (a file is missing or damaged).
export class SearchError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const names = (text) => Array.from({ length: text.length / NAME }, (_, at) => text.slice(at * NAME, (at + 1) * NAME));

// Number of the last of the sorted `starts` that is not after `wanted`.
export const placeOf = (starts, wanted) => {
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const asBlock = ([words, ...columns]) => {
  const terms = frontCoded(words);
  const lines = columns.map((column) => column.split("\n"));
  if (lines.length !== 4 || !lines.every((one) => one.length === terms.length)) throw new SearchError("unavailable");
  const kept = new Map();
  const places = new Map(terms.map((term, at) => [term, at]));
  const find = (term) => {
    const at = places.get(term);
    if (at === undefined) return undefined;
    if (!kept.has(term)) kept.set(term, { entries: rising(lines[0][at]), texts: rising(lines[1][at]), parts: rising(lines[2][at]), impacts: lines[3][at] });
    return kept.get(term);
  };
  return { terms, find };
};

const asTitles = (page) => {
  const [shown, urls] = [page.titles, page.urls].map((column) => column.split("\n"));
  if (shown.length !== urls.length) throw new SearchError("unavailable");
  return { ...page, titles: shown, urls };
};

// One state of the index. `load(name, options)` gives the JSON of a file.
export const createStore = (manifest, load) => {
  const kept = new Map();
  const loaded = new Map();
  const file = (kind, name, read) => {
    const path = `${kind}-${name}.json`;
    if (!kept.has(path)) {
      // A damaged copy in a cache is asked for once more, past the cache.
      const value = load(path).then(read).catch(() => load(path, { cache: "reload" }).then(read));
      kept.set(path, value.then((found) => (loaded.set(path, found), found), (fault) => (kept.delete(path), Promise.reject(fault))));
    }
    return kept.get(path);
  };
  const [blocks, titles, details] = [manifest.blocks, manifest.titles, manifest.details].map(names);
  return {
    blockOf: (term) => placeOf(manifest.bounds, term),
    block: (number) => file("terms", blocks[number], asBlock),
    loadedBlock: (number) => loaded.get(`terms-${blocks[number]}.json`),
    titles: async () => {
      const pages = await Promise.all(titles.map((name) => file("titles", name, asTitles)));
      const at = (read) => (article) => read(pages[Math.floor(article / PAGE)], article % PAGE);
      return {
        title: at((page, row) => page.titles[row]),
        url: at((page, row) => page.urls[row]),
        category: at((page, row) => manifest.categories[page.categories[row]] || ""),
        lang: at((page, row) => page.langs[row] || ""),
      };
    },
    details: async (article) => {
      const group = placeOf(manifest.starts, article);
      return (await file("details", details[group], (value) => value))[article - manifest.starts[group]];
    },
  };
};

const isManifest = (value) => value && Array.isArray(value.bounds) && typeof value.hot === "string" && value.blocks.length === value.bounds.length * NAME;

// The newest state of the index.
export const readManifest = async (load) => {
  const read = (value) => {
    if (value && value.version !== VERSION) throw new SearchError("outdated");
    if (!isManifest(value)) throw new SearchError("unavailable");
    return value;
  };
  return read(await load("index.json", { cache: "no-cache" }));
};

// Gives the JSON of a file below `base`.
export const loader = (base, fetch) => async (path, options) => {
  const answer = await fetch(base + path, options);
  if (!answer.ok) throw new SearchError("unavailable");
  return answer.json();
};
