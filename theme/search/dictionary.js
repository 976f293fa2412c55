// The words of the index that are known before a block is loaded (those of titles and headings): endings, typos, compounds.
import { frontCoded } from "./numbers.js";
import { placeOf } from "./store.js";

const LEAST_PART = 4;
const SHORTEST_COMPOUND = 8;
const ENDING = 4;
// How many of the nearest words are kept of each that was asked for.
const NEAREST = 12;
// Words that were typed without spaces have so many letters at least in the mean; Korean ones so many syllables.
const GLUED = { letters: 3, syllables: 1.5 };
// Forms of one word share so much at least, and differ in so many letters at the end.
const KEPT = 5;
const END = 3;

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
  const byKeys = () => (keyed = keyed || terms.map((term) => (term = keys(term), { term, bits: letters(term), isWord: term.length > 2 && !/\d/.test(term) })));
  const spreadOf = (at) => (spread ? spread.charCodeAt(at) - 97 : 1);
  const kept = new Map();

  const nearest = (word, stem) => {
    const [whole, short] = [keys(word), keys(stem)];
    const limit = allowed(short.length);
    if (!limit || /\d/.test(word)) return [];
    const [wholeBits, shortBits] = [letters(whole), letters(short)];
    const shortest = Math.min(short.length, whole.length - ENDING) - limit, longest = Math.max(short.length, whole.length) + limit;
    const found = [];
    byKeys().forEach(({ term, bits, isWord }, at) => {
      if (!isWord || term.length < shortest || term.length > longest || count(bits & ~wholeBits) > limit) return;
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

    // Pairs of characters that share one with `pair` at its place, the most frequent first.
    beside(pair, most) {
      const [first, second] = [...pair];
      const found = [...terms.keys()].filter((at) => {
        const [one, other, ...rest] = [...terms[at]];
        return other && !rest.length && (one === first) !== (other === second);
      });
      return found.sort((a, b) => spreadOf(b) - spreadOf(a) || a - b).slice(0, most).map((at) => terms[at]);
    },

    // Words that share all of `stem` but its end, and have no longer one: the stemmer does not know every form.
    akin(stem, most) {
      const start = stem.slice(0, Math.max(KEPT, stem.length - END));
      if (start.length < KEPT) return [];
      return this.begun(start, most).filter((term) => term !== stem && term.length <= stem.length + END);
    },

    // Words that `stem` or `word` was probably meant to be: {term, edits}, the nearest and most frequent first.
    near(word, stem, most) {
      // Each piece of a word asks for the same, and so does each letter that is typed behind it.
      const key = `${word} ${stem}`;
      if (kept.size > 99) kept.clear();
      if (!kept.has(key)) kept.set(key, nearest(word, stem).slice(0, NEAREST));
      return kept.get(key).slice(0, most);
    },
  };
};

// The two terms that `word` is made of, or []; `stem` gives the term of a beginning. The same as hcgen/search/compounds.py.
export const parts = (word, has, links, stem) => {
  let best = [], most = 0;
  for (let at = LEAST_PART; at <= word.length - LEAST_PART; at++) {
    const right = word.slice(at);
    if (!has(right)) continue;
    for (const link of links) {
      const left = word.slice(0, Math.max(0, at - link.length));
      const shorter = Math.min(left.length, right.length);
      if (shorter < LEAST_PART || shorter <= most || !word.startsWith(link, at - link.length)) continue;
      const term = has(left) ? left : stem(left);
      if (has(term)) [best, most] = [[term, right], shorter];
    }
  }
  return best;
};

// The known words, as few as can be, that `word` is made of where somebody left out the spaces, or []. The last may be half typed;
// in Korean a particle may stand before them, of a word in another script.
export const glued = (word, { has, begun }, stem, particles, isLast) => {
  const isKorean = /[\uac00-\ud7a3]/.test(word);
  const found = [[]];
  if (isKorean) for (const one of particles) if (word.startsWith(one)) found[one.length] = [];
  for (let from = 0; from < word.length; from++) {
    if (!found[from]) continue;
    for (let to = from + 1; to <= word.length; to++) {
      const one = word.slice(from, to);
      if ((one.length < 2 && !isKorean && !/\d/.test(one)) || found[to]?.length <= found[from].length + 1) continue;
      if (has(one) || has(stem(one)) || (isLast && to === word.length && one.length > 2 && begun(one, 1).length)) found[to] = [...found[from], one];
    }
  }
  const words = found[word.length] || [];
  return word.length >= (isKorean ? GLUED.syllables : GLUED.letters) * words.length ? words : [];
};

export const isLong = (word) => word.length >= SHORTEST_COMPOUND;
export const readDictionary = (manifest) => createDictionary(frontCoded(manifest.hot), manifest.spread);
