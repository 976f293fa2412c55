// Ranking: coverage of the query's words, BM25 impacts of the texts, titles and headings as entries of their own.

// How much an entry of a kind counts, and what the parts of a score weigh.
export const KINDS = { t: 1, h: 0.95, s: 0.95 };
export const TUNE = { text: 0.45, title: 0.4, entry: 1, coverage: 0.5, brevity: 0.7, floor: 0, popularity: 0.015, least: 0.08, part: 0.85 };

// Words of an entry by its step, as in hcgen/search/index.py.
const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 17, 21, 26];

// Article, kind and length of each entry, from the codes in the manifest.
export const readEntries = (codes) => {
  const article = new Int32Array(codes.length), heading = new Int16Array(codes.length), length = new Float32Array(codes.length);
  const kind = [];
  let at = -1, headings = 0;
  for (let entry = 0; entry < codes.length; entry++) {
    const code = codes.charCodeAt(entry);
    const first = code >= 97 ? 97 : code >= 65 ? 65 : 35;
    kind.push(first === 97 ? "h" : first === 65 ? "t" : "s");
    if (first === 65) [at, headings] = [at + 1, 0];
    article[entry] = at;
    heading[entry] = first === 97 ? ++headings : 0;
    length[entry] = LENGTHS[code - first];
  }
  return { article, heading, length, kind };
};

// Best values by number, reset at the cost of what was touched.
const createBoard = (size) => {
  const values = new Float32Array(size);
  let touched = [];
  return {
    values,
    touched: () => touched,
    raise(at, value) {
      if (!values[at]) touched.push(at);
      if (value > values[at]) values[at] = value;
    },
    add(at, value) {
      if (!values[at]) touched.push(at);
      values[at] += value;
    },
    clear() {
      for (const at of touched) values[at] = 0;
      touched = [];
    },
  };
};

// How telling a word is that so many of all articles hold (Robertson and Zaragoza 2009, equation 3.6, kept above 0).
const informative = (spread, all) => Math.log(1 + (all - spread + 0.5) / (spread + 0.5));

// A ranking of `count` articles. Its answer to needs is [{article, score, heading}], best first; a need is one word of the
// query, {found: [{posting, quality}], size, counted} (query.js).
export const createRanking = (entries, count, popularity) => {
  const boards = ["entry", "text", "article", "sum", "hits", "texts", "covered", "best", "title"].map((name) => [
    name, createBoard(["entry", "sum", "hits"].includes(name) ? entries.article.length : count),
  ]);
  const board = Object.fromEntries(boards);
  const heading = new Int16Array(count);

  // In how many articles a word stands: what only resembles it counts little, or a slip would be a frequent word.
  const spreadOf = ({ touched, values }) => {
    const best = touched().reduce((most, at) => Math.max(most, values[at]), 0);
    return touched().reduce((sum, at) => sum + (values[at] / best) ** 3, 0);
  };

  const collect = ({ found, size, counted }) => {
    const { entry, text, article } = board;
    for (const { posting, quality } of found) {
      const hold = (numbers, value) => {
        for (const at of numbers) {
          entry.raise(at, value);
          article.raise(entries.article[at], value);
        }
      };
      hold(posting.entries, quality);
      hold(posting.parts, quality * TUNE.part);
      for (let place = 0; place < posting.texts.length; place++) {
        const at = posting.texts[place];
        text.raise(at, quality * (TUNE.floor + ((1 - TUNE.floor) * (posting.impacts.charCodeAt(place) - 47)) / 8));
        article.raise(at, quality);
      }
    }
    const weight = size * informative(spreadOf(article), count);
    for (const at of entry.touched()) {
      board.sum.add(at, weight * entry.values[at]);
      board.hits.add(at, counted * entry.values[at]);
    }
    for (const at of text.touched()) board.texts.add(at, weight * text.values[at]);
    for (const at of article.touched()) board.covered.add(at, weight * article.values[at]);
    [entry, text, article].forEach((one) => one.clear());
    return weight;
  };

  return (needs) => {
    const all = needs.reduce((sum, need) => sum + collect(need), 0);
    const { sum, hits, texts, covered, best, title } = board;
    for (const at of sum.touched()) {
      const article = entries.article[at];
      const brevity = Math.min(1, hits.values[at] / entries.length[at]);
      const value = (sum.values[at] / all) * (1 - TUNE.brevity + TUNE.brevity * brevity) * KINDS[entries.kind[at]];
      if (entries.kind[at] === "t") title.raise(article, value);
      if (value > best.values[article]) heading[article] = entries.heading[at];
      best.raise(article, value);
    }
    const found = covered.touched().map((article) => {
      const parts = TUNE.text * (texts.values[article] / all) + TUNE.entry * best.values[article] + TUNE.title * title.values[article];
      const prior = 1 + TUNE.popularity * (popularity ? Number(popularity[article]) : 0);
      return { article, heading: best.values[article] ? heading[article] : 0, score: Math.min(1, covered.values[article] / all) ** TUNE.coverage * parts * prior };
    });
    boards.forEach(([, one]) => one.clear());
    const least = TUNE.least * found.reduce((most, { score }) => Math.max(most, score), 0);
    return found.filter(({ score }) => score >= least).sort((a, b) => b.score - a.score || a.article - b.article);
  };
};
