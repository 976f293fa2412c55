// The words of the index that are known before a block is loaded (those of titles and headings): endings, typos, compounds.
import { frontCoded } from "./numbers.js";
import { placeOf } from "./store.js";

const LEAST_PART = 4;
const SHORTEST_COMPOUND = 8;
const ENDING = 4;

// Hangul syllables as the keys that are struck for them: half-typed syllables are beginnings, slips are single keys.
const LEADS = "ㄱ ㄲ ㄴ ㄷ ㄸ ㄹ ㅁ ㅂ ㅃ ㅅ ㅆ ㅇ ㅈ ㅉ ㅊ ㅋ ㅌ ㅍ ㅎ".split(" ");
const VOWELS = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ".split(" ");
const TAILS = ["", ..."ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".split(" ")];
export const keys = (word) =>
  word.replace(/[\u1100-\u11ff\uac00-\ud7a3]/g, (one) => {
    const code = one.charCodeAt(0);
    if (code < 0x1113) return LEADS[code - 0x1100];
    if (code < 0xac00) return VOWELS[code - 0x1161] || TAILS[code - 0x11a7] || one;
    const place = code - 0xac00;
    return LEADS[Math.floor(place / 588)] + VOWELS[Math.floor((place % 588) / 28)] + TAILS[place % 28];
  });

// Edits (one letter more, less, other, or two swapped) that turn `word` into `term`; more than `most` is `most` + 1.
// With `tail`, so many letters at the end of `word` are free: an ending that the stemmer would have taken off.
export const edits = (word, term, most, tail = 0) => {
  const [a, b] = [word.length, term.length];
  if (b - a > most || a - b > most + tail) return most + 1;
  let before = [], last = Array.from({ length: a + 1 }, (_, at) => at);
  for (let row = 1; row <= b; row++) {
    const next = [row];
    let least = row;
    for (let at = 1; at <= a; at++) {
      let cost = Math.min(last[at] + 1, next[at - 1] + 1, last[at - 1] + (word[at - 1] === term[row - 1] ? 0 : 1));
      if (at > 1 && row > 1 && word[at - 1] === term[row - 2] && word[at - 2] === term[row - 1]) cost = Math.min(cost, before[at - 2] + 1);
      next.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    [before, last] = [last, next];
  }
  return Math.min(...last.slice(Math.max(0, a - tail)), most + 1);
};

// The letters of a word as bits: words that differ in many cannot be a typo of each other.
const letters = (word) => {
  let bits = 0;
  for (let at = 0; at < word.length; at++) bits |= 1 << (word.charCodeAt(at) % 31);
  return bits;
};
const count = (bits) => {
  let found = 0;
  for (; bits; bits &= bits - 1) found++;
  return found;
};

const allowed = (length) => (length < 3 ? 0 : length < 7 ? 1 : 2);

// `terms` sorted; `spread` a letter for each. What a block holds is looked through in the same way.
export const createDictionary = (terms, spread = "") => {
  const places = new Map(terms.map((term, at) => [term, at]));
  let keyed;
  const byKeys = () => (keyed = keyed || terms.map((term) => (term = keys(term), { term, bits: letters(term) })));
  const spreadOf = (at) => (spread ? spread.charCodeAt(at) - 97 : 1);
  let last = {};

  const nearest = (word, stem) => {
    const [whole, short] = [keys(word), keys(stem)];
    const limit = allowed(short.length);
    if (!limit || /\d/.test(word)) return [];
    const [wholeBits, shortBits] = [letters(whole), letters(short)];
    const found = [];
    byKeys().forEach(({ term, bits }, at) => {
      if (term.length < 3 || /\d/.test(term) || count(bits & ~wholeBits) > limit) return;
      let distance = count(shortBits & ~bits) <= limit ? edits(short, term, limit) : limit + 1;
      // An ending that the stemmer did not know behind the slip; a slip at the very beginning is rare.
      if (distance > 1 && term.length > 3) distance = Math.min(distance, edits(whole, term, limit, ENDING) + 0.3);
      if (distance <= limit + 0.3) found.push({ at, term: terms[at], edits: distance + (term[0] === whole[0] ? 0 : 0.4) });
    });
    return found.sort((a, b) => a.edits - b.edits || spreadOf(b.at) - spreadOf(a.at) || a.at - b.at);
  };

  return {
    has: (term) => places.has(term),
    spread: (term) => (places.has(term) ? spreadOf(places.get(term)) : 0),

    // Words that begin with `start`, the most frequent first.
    begun(start, most) {
      const found = [];
      const typed = keys(start);
      if (typed !== start) {
        byKeys().forEach(({ term }, at) => { if (term.startsWith(typed)) found.push(at); });
      } else {
        for (let at = Math.max(0, placeOf(terms, start)); at < terms.length && (terms[at] < start || terms[at].startsWith(start)); at++) {
          if (terms[at].startsWith(start)) found.push(at);
        }
      }
      return found.sort((a, b) => spreadOf(b) - spreadOf(a) || a - b).slice(0, most).map((at) => terms[at]);
    },

    // Words that `stem` or `word` was probably meant to be: {term, edits}, the nearest and most frequent first.
    near(word, stem, most) {
      // Each piece of a word asks for the same.
      if (last.word === word && last.stem === stem) return last.found;
      last = { word, stem, found: nearest(word, stem).slice(0, most) };
      return last.found;
    },
  };
};

// The two words that `word` is made of, or []. The same as hcgen/search/compounds.py.
export const parts = (word, has, links) => {
  let best = [], most = 0;
  for (let at = LEAST_PART; at <= word.length - LEAST_PART; at++) {
    const right = word.slice(at);
    if (!has(right)) continue;
    for (const link of links) {
      const left = word.slice(0, at - link.length);
      const shorter = Math.min(left.length, right.length);
      if (left.length >= LEAST_PART && word.startsWith(link, at - link.length) && shorter > most && has(left)) [best, most] = [[left, right], shorter];
    }
  }
  return best;
};
export const isLong = (word) => word.length >= SHORTEST_COMPOUND;
export const readDictionary = (manifest) => createDictionary(frontCoded(manifest.hot), manifest.spread);
