// The search that a page talks to: a query to results, later their excerpts and a better spelling. Never throws.
import { createAnalyser } from "./analyse.js";
import { readDictionary } from "./dictionary.js";
import { excerpt, marked } from "./excerpt.js";
import { chooseBlocks, correctPairs, lookUp, readSynonyms, toNeeds } from "./query.js";
import { createRanking, readEntries } from "./rank.js";
import { createStore, loader, readManifest } from "./store.js";

const LONGEST_QUERY = 400;
const MOST_WORDS = 32;
const SPELLING = { articles: 5, quality: 0.35 };
// Of articles that answer alike, the one whose title has the very words that were typed comes first.
const FORMS = { articles: 20, weight: 0.06 };

const openIndex = async (load, language, analyse) => {
  const manifest = await readManifest(load);
  return {
    manifest, language, analyse,
    store: createStore(manifest, load),
    dictionary: readDictionary(manifest),
    synonyms: readSynonyms(manifest.synonyms, analyse),
    rank: createRanking(readEntries(manifest.entries), manifest.count, manifest.popularity),
  };
};

// The needs that the index can answer, their blocks loaded: in one round trip, in a second where nothing was found. Only then
// are two characters corrected: they are rare in the words of others, but at the seams of words unknown ones are common.
const ask = async (units, index) => {
  const needs = toNeeds(units, index);
  const loadBlocks = () => Promise.all(chooseBlocks(needs, index).map(index.store.block));
  await loadBlocks();
  const useful = lookUp(needs, index);
  if (useful.length) return useful;
  correctPairs(needs, index);
  await loadBlocks();
  return lookUp(needs, index);
};

// Whether a word of an article is one that was asked for, also as a part of a compound.
const createMarker = (needs, language) => {
  const terms = new Set(needs.flatMap((need) => need.found.map(({ term }) => term)));
  const long = language.links ? [...terms].filter((term) => term.length > 3) : [];
  return (words) => words.some((word) => terms.has(word) || (word.length > 7 && long.some((term) => word.includes(term))));
};

// The best of what was found, titles in the forms that were typed before titles in others: the terms of both are one.
const byForm = (found, units, titles, analyse) => {
  const typed = new Set(units.map(({ word }) => word));
  const share = (article) => new Set(analyse(titles.title(article)).map(({ word }) => word).filter((word) => typed.has(word))).size / typed.size;
  const best = found.slice(0, FORMS.articles).map((one) => ({ ...one, score: one.score * (1 + FORMS.weight * share(one.article)) }));
  return [...best.sort((a, b) => b.score - a.score || a.article - b.article), ...found.slice(FORMS.articles)];
};

// A filter is about a topic, which its sections belong to: "Payments › Refunds" is in "Payments".
const topicOf = (category) => category.split(" › ")[0];

const countByCategory = (found, categoryOf) => {
  const counts = new Map();
  for (const { article } of found) counts.set(categoryOf(article), (counts.get(categoryOf(article)) || 0) + 1);
  return [...counts].filter(([name]) => name).map(([name, count]) => ({ name, count }));
};

// What was found of one article: the heading that answers best, and a passage.
const detailsOf = async (one, index, isWanted) => {
  const sections = await index.store.details(one.article);
  const headings = sections.filter(([, title]) => title);
  const section = headings[one.heading - 1];
  const passages = (section ? [section] : sections).map(([, , text]) => excerpt(text, index.analyse, isWanted));
  const best = passages.reduce((most, next) => (next.ranges.length > most.ranges.length ? next : most), passages[0] || { text: "", ranges: [] });
  return { heading: section ? { id: section[0], title: section[1], ranges: marked(section[1], index.analyse, isWanted) } : null, ...best };
};

// The word of the articles that is analysed to `term`, as they write it.
const spellingIn = (texts, term, analyse) => {
  for (const text of texts) {
    for (const [word] of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
      if (analyse(word).some((unit) => unit.terms[0] === term)) return word.toLowerCase();
    }
  }
  return undefined;
};

// The query with its unknown words as the best articles write them; "" where nothing is better.
const spelled = async (query, needs, found, { store, analyse }, titles) => {
  const wrong = needs.filter((need) => !need.known && !need.unit.isPair && need.guesses.size);
  if (!wrong.length) return "";
  const best = found.slice(0, SPELLING.articles);
  const sections = await Promise.all(best.slice(0, 3).map(({ article }) => store.details(article)));
  const texts = [...best.map(({ article }) => titles.title(article)), ...sections.flat().flatMap(([, title, text]) => [title, text])];
  const better = new Map();
  for (const { unit, found: meanings } of wrong) {
    for (const { term, quality } of [...meanings].sort((a, b) => b.quality - a.quality)) {
      const word = quality >= SPELLING.quality && spellingIn(texts, term, analyse);
      if (word && !better.has(unit.word)) better.set(unit.word, word);
    }
  }
  const corrected = query.replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => better.get((analyse(word)[0] || {}).word) || word);
  return better.size && corrected !== query ? corrected : "";
};

// The index below `base`. `fetch` as in the browser; `analyse` and `language` come with the script.
export const createSearch = ({ base, fetch = (...all) => globalThis.fetch(...all), analyse, language }) => {
  const load = loader(base.endsWith("/") ? base : `${base}/`, fetch);
  let state;
  const current = () => {
    const opened = state || openIndex(load, language, analyse);
    state = opened;
    opened.catch(() => { if (state === opened) state = undefined; });
    return opened;
  };

  const answer = async (index, query, { category = "", limit = 10, offset = 0 }) => {
    const units = analyse(query).slice(0, MOST_WORDS);
    const [titles, needs] = await Promise.all([index.store.titles(), ask(units, index)]);
    const all = needs.length ? byForm(index.rank(needs), units, titles, analyse) : [];
    const topic = (article) => topicOf(titles.category(article));
    const found = category ? all.filter(({ article }) => topic(article) === category) : all;
    const isWanted = createMarker(needs, language);
    const results = found.slice(offset, offset + limit).map((one) => ({
      title: titles.title(one.article),
      ranges: marked(titles.title(one.article), analyse, isWanted),
      url: titles.url(one.article),
      category: titles.category(one.article),
      lang: titles.lang(one.article),
      score: one.score,
      details: () => detailsOf(one, index, isWanted).catch(() => ({ heading: null, text: "", ranges: [] })),
    }));
    const suggestion = () => spelled(query, needs, found, index, titles).catch(() => "");
    return { status: "ok", query, total: found.length, all: all.length, categories: countByCategory(all, topic), results, suggestion };
  };

  // {status, query, total, all, categories, results, suggestion}. `status` is "ok", "outdated" (the page is older than the index:
  // load it again) or "unavailable". A result has title, ranges, url, category, lang and details(): {heading, text, ranges}.
  const search = async (text, options = {}) => {
    const query = String(text).slice(0, LONGEST_QUERY);
    try {
      const index = await current();
      return await answer(index, query, options).catch(async () => {
        // A file is missing: the index was replaced while the page was open. Once more, with the new one.
        state = undefined;
        return answer(await current(), query, options);
      });
    } catch (fault) {
      const status = fault.code === "outdated" ? "outdated" : "unavailable";
      return { status, query, total: 0, all: 0, categories: [], results: [], suggestion: async () => "" };
    }
  };

  // `open` loads what every search needs, for a field that has been entered.
  return { search, open: () => current().then((index) => index.store.titles()).then(() => true, () => false) };
};
