// Ranking: coverage of the query's words, BM25 impacts of the texts, titles and headings as entries of their own.

// How much an entry of a kind counts, and what the parts of a score weigh.
const KINDS = { t: 1, h: 0.85, s: 0.9 };
export const TUNE = { text: 0.55, title: 0.35, entry: 1, coverage: 1.6, brevity: 0.35, floor: 0.3, popularity: 0.015 };

// Article, kind and length of each entry, from the codes in the manifest.
export const readEntries = (codes) => {
  const article = new Int32Array(codes.length), heading = new Int16Array(codes.length), length = new Float32Array(codes.length);
  const kind = [];
  let at = -1, headings = 0;
  for (let entry = 0; entry < codes.length; entry++) {
    const code = codes.charCodeAt(entry);
    const first = code >= 97 ? 97 : code >= 65 ? 65 : 48;
    kind.push(first === 97 ? "h" : first === 65 ? "t" : "s");
    if (first === 65) [at, headings] = [at + 1, 0];
    article[entry] = at;
    heading[entry] = first === 97 ? ++headings : 0;
    length[entry] = 2 ** ((code - first) / 2);
  }
  return { article, heading, length, kind };
};

// What `needs` find: [{article, score, heading}], best first. A need is one word: {found: [{posting, quality}], size}.
export const rank = (needs, entries, count, popularity) => {
  const covered = new Float32Array(count), text = new Float32Array(count), best = new Float32Array(count);
  const title = new Float32Array(count), heading = new Int16Array(count);
  const sums = new Float32Array(entries.article.length), hits = new Float32Array(entries.article.length);
  const touched = new Set();
  let all = 0;
  for (const need of needs) {
    const spread = Math.min(count, new Set(need.found.flatMap(({ posting }) => [...posting.texts, ...posting.entries.map((entry) => entries.article[entry])])).size);
    const weight = Math.log(1 + (count - spread + 0.5) / (spread + 0.5)) * need.size;
    all += weight;
    const byEntry = new Map(), byText = new Map(), byArticle = new Map();
    const raise = (map, at, value) => { if (!(map.get(at) >= value)) map.set(at, value); };
    for (const { posting, quality } of need.found) {
      for (const entry of posting.entries) {
        raise(byEntry, entry, quality);
        raise(byArticle, entries.article[entry], quality);
      }
      posting.texts.forEach((article, at) => {
        raise(byText, article, quality * (TUNE.floor + ((1 - TUNE.floor) * (posting.impacts.charCodeAt(at) - 47)) / 8));
        raise(byArticle, article, quality);
      });
    }
    for (const [entry, value] of byEntry) {
      sums[entry] += weight * value;
      hits[entry] += need.size * value;
      touched.add(entry);
    }
    for (const [article, value] of byText) text[article] += weight * value;
    for (const [article, value] of byArticle) covered[article] += weight * value;
  }
  if (!all) return [];
  for (const entry of touched) {
    const article = entries.article[entry];
    const brevity = Math.min(1, hits[entry] / entries.length[entry]);
    const value = (sums[entry] / all) * (1 - TUNE.brevity + TUNE.brevity * brevity) * KINDS[entries.kind[entry]];
    if (entries.kind[entry] === "t") title[article] = value;
    if (value > best[article]) {
      best[article] = value;
      heading[article] = entries.heading[entry];
    }
  }
  const found = [];
  covered.forEach((sum, article) => {
    if (!sum) return;
    const share = Math.min(1, sum / all);
    const parts = TUNE.text * (text[article] / all) + TUNE.entry * best[article] + TUNE.title * title[article];
    const prior = 1 + TUNE.popularity * (popularity ? Number(popularity[article]) : 0);
    found.push({ article, heading: heading[article], share, score: share ** TUNE.coverage * parts * prior });
  });
  return found.sort((a, b) => b.score - a.score || a.article - b.article);
};
