// The analyser: text to the terms that the index holds. The twin of hcgen/search/analyse.py.
import { chunks, fold, isKorean, isUnspaced, plain, runs } from "./fold.js";

const LONGEST = 32;
const SEEN = 2000;
const DIGIT = /\p{Nd}/u;
const LAST_LONG = /ー(?![ァ-ヺ])/g;

const cut = (word) => [...word].slice(0, LONGEST).join("");
const size = (word) => [...word].length;
const pairs = (run) => {
  const characters = [...run];
  return characters.slice(1).map((next, at) => characters[at] + next);
};
const unit = (word, terms, pieces = [], also = [], isPair = false) => ({ word, terms, pieces, also, isPair });

// `stem` is the Snowball stemmer of the language, if it has one; `language` as in hcgen/search/languages.
export const createAnalyser = (language, stem) => {
  const { prefixes = [], suffixes = [], least = 0, digraphs = [] } = language;

  const without = (word, starts, ends) => {
    const start = starts.find((one) => word.startsWith(one) && size(word) - one.length >= least);
    if (start) word = word.slice(start.length);
    const end = ends.find((one) => word.endsWith(one) && size(word) - one.length >= least);
    return end ? word.slice(0, -end.length) : word;
  };

  const stemmed = (word) => {
    let found = fold(stem(word));
    for (const [pair, letter] of digraphs) found = found.replaceAll(pair, letter);
    return found;
  };

  const toWord = (word) => {
    word = cut(word);
    const folded = fold(word);
    if (DIGIT.test(word) || /[+#]$/.test(word)) return unit(folded, [folded]);
    if (stem) return unit(folded, [...new Set([stemmed(word), stemmed(folded)])]);
    const bare = without(folded, prefixes, suffixes);
    const also = [without(bare, prefixes, []), without(bare, [], suffixes), without(folded, [], suffixes)];
    return unit(folded, [bare], [], [...new Set(also)].filter((term) => term !== bare));
  };

  const spaced = (run) => {
    const parts = run.split(/[-_.'’]+/).filter(Boolean);
    if (parts.length < 2) return parts.map(toWord);
    if (/['’]/.test(run)) return parts.filter((part) => size(part) > 1 && part !== "qu").map(toWord);
    const whole = fold(parts.join(""));
    const isCode = DIGIT.test(run) || (!run.includes(".") && Math.min(...parts.map(size)) <= 3);
    if (isCode && size(whole) <= LONGEST / 2) return [unit(whole, [whole], parts.map((part) => toWord(part).terms[0]))];
    return parts.map(toWord);
  };

  const korean = (run) => {
    run = cut(run);
    const bare = without(run, [], suffixes);
    return [unit(run, [bare], size(bare) > 2 ? pairs(bare) : [], run === bare ? [] : [run])];
  };

  const unspaced = (run) => {
    run = fold(run).replace(LAST_LONG, "") || run;
    return (size(run) > 1 ? pairs(run) : [run]).map((pair) => unit(pair, [pair], [], [], size(pair) > 1));
  };

  const inOrder = (run, at) => {
    if (isUnspaced(run)) return unspaced(run);
    if (!isKorean(run)) return spaced(run);
    // A particle behind a word of another script is no word.
    return at && suffixes.includes(run) ? [] : korean(run);
  };

  // What was seen is kept: results repeat the words of the query.
  const seen = new Map();
  const inChunk = (chunk) => {
    if (seen.size > SEEN) seen.clear();
    if (!seen.has(chunk)) seen.set(chunk, runs(chunk).flatMap(inOrder));
    return seen.get(chunk);
  };

  // The words of `text` in order: {word, terms, pieces, also, isPair}, as Unit in hcgen/search/analyse.py.
  return (text) => chunks(plain(text)).flatMap(inChunk);
};
