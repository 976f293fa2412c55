// A query as needs: each word with all that it may mean, the blocks to load for it, and what they hold.
import { createDictionary, glued, isLong, parts } from "./dictionary.js";

// Blocks that one query may load at once, the words that tell least go without; endings and corrections of one word.
export const LIMITS = { blocks: 5, endings: 12, typos: 6 };
// What a meaning counts that is not the word itself. `typo` by the number of edits.
export const QUALITY = { also: 0.8, piece: 0.9, ending: 0.75, akin: 0.5, typo: [1, 0.72, 0.42, 0.3], synonym: 0.8 };
// How telling a word may be that no title or heading holds: between frequent words and rare ones.
const UNKNOWN = 0.45;
// The shortest word that a letter of another script is taken out of.
const MENDED = 4;
// Above one edit at the beginning of a word, below two.
const ONE_EDIT = 1.5;

const typoQuality = (edits) => QUALITY.typo[Math.floor(edits)] - (edits % 1) * 0.2;
const offer = (meanings, term, quality) => { if (!(meanings.get(term) >= quality)) meanings.set(term, quality); };

// One word, or one piece of it, that a result should hold. `terms` are its meanings with their qualities; `guesses` count
// only where no article has the word. `size` is how much of a word it is, `counted` how much of it titles count as a word.
const createNeed = (unit, exact, size, options) => ({ unit, exact, size, counted: size, terms: new Map(), guesses: new Map(), ...options });

const termOf = ({ analyse }) => (word) => (analyse(word)[0] || { terms: [word] }).terms[0];

const piecesOf = ({ terms: [term], pieces }, index) =>
  pieces.length || !index.language.links || !isLong(term) || index.dictionary.has(term)
    ? pieces
    : parts(term, index.dictionary.has, index.language.links, termOf(index));

// A run that was typed without spaces as its words; what is one slip away from a word is that word.
const separated = (unit, isLast, index) => {
  const { word, terms: [term], isPair } = unit;
  const { dictionary, analyse } = index;
  if (isPair || dictionary.has(term)) return [unit];
  const [close] = dictionary.near(word, term, 1);
  if (close?.edits >= 1 && close.edits < ONE_EDIT) return [unit];
  const words = glued(word, dictionary, termOf(index), index.language.suffixes || [], isLast);
  // Or it is one word that articles have, but no title.
  return words.length > 1 ? words.flatMap((one) => analyse(one)).map((one) => ({ ...one, also: [...one.also, term] })) : [unit];
};

const needsOf = (unit, isLast, index) => {
  const pieces = piecesOf(unit, index);
  const size = unit.isPair ? 0.5 : 1 / Math.max(1, pieces.length - 1);
  const needs = pieces.length
    ? pieces.map((piece, at) => createNeed(unit, [piece], size, { isLast: isLast && !at, isPiece: true }))
    : [createNeed(unit, unit.terms, size, { isLast, ...((index.language.determiners || []).includes(unit.word) && { counted: 0 }) })];
  for (const need of needs) {
    need.exact.forEach((term) => offer(need.terms, term, need.isPiece ? QUALITY.piece : 1));
    unit.terms.forEach((term) => offer(need.terms, term, 1));
    unit.also.forEach((term) => offer(need.terms, term, QUALITY.also));
    if (!unit.isPair) guess(need, index.dictionary);
  }
  return needs;
};

// What the word becomes when it is typed on, and what it was meant to be.
const guess = ({ unit: { word, terms }, exact, isLast, isPiece, terms: meanings, guesses }, dictionary) => {
  if (!isPiece && !/\d/.test(word)) for (const term of dictionary.akin(terms[0], LIMITS.endings)) offer(meanings, term, QUALITY.akin);
  // Of a script without spaces, one character is half of what the index holds.
  if (isLast || (word.length === 1 && word > "\u2e80")) {
    const ending = (term) => QUALITY.ending + (1 - QUALITY.ending) * Math.min(1, word.length / term.length);
    for (const term of dictionary.begun(word, LIMITS.endings)) offer(meanings, term, ending(term));
    for (const term of dictionary.begun(terms[0], LIMITS.endings)) offer(guesses, term, QUALITY.ending);
  }
  if (!exact.some(dictionary.has)) correct(word, terms[0], dictionary, guesses);
};

const correct = (word, stem, dictionary, guesses) => {
  for (const { term, edits } of dictionary.near(word, stem, LIMITS.typos)) offer(guesses, term, typoQuality(edits));
};

// Pairs of characters with another one at their side: 优会券 holds none of 优惠券.
export const correctPairs = (needs, { dictionary }) => {
  for (const { unit, guesses } of needs) {
    if (unit.isPair) for (const term of dictionary.beside(unit.word, LIMITS.typos)) offer(guesses, term, QUALITY.typo[2]);
  }
};

// Two words that the articles write as one: "one drive", "Passwort Richtlinie".
const joinNeighbours = (units, needs, { dictionary, analyse }) => {
  for (let at = 1; at < units.length; at++) {
    if (units[at].isPair || units[at - 1].isPair) continue;
    const [joined, more] = analyse(units[at - 1].word + units[at].word);
    // Of two scripts they stay two.
    if (!joined || more || !dictionary.has(joined.terms[0])) continue;
    for (const need of [...needs[at - 1], ...needs[at]]) offer(need.terms, joined.terms[0], 1);
  }
};

// Groups of words with one meaning, analysed.
export const readSynonyms = (groups, analyse) => groups.map((group) => group.map((text) => analyse(text).map((unit) => unit.terms)));

const addSynonyms = (units, needs, groups) => {
  const isAt = (member, at) => member.length && member.every((terms, place) => units[at + place].terms.includes(terms[0]));
  for (const group of groups) {
    for (const member of group) {
      // A phrase is recognised, but its words by themselves mean something else.
      const others = group.filter((other) => other !== member && other.length === 1).flat(2);
      for (let at = 0; at + member.length <= units.length; at++) {
        if (!isAt(member, at)) continue;
        for (const need of needs.slice(at, at + member.length).flat()) others.forEach((term) => offer(need.terms, term, QUALITY.synonym));
      }
    }
  }
};

// A word in which one letter came from another keyboard, as in `Tea下s`: its ends, where they are (nearly) a known word.
const mended = (units, { dictionary, analyse }) => {
  const found = [...units];
  for (let at = 2; at < found.length; at++) {
    const [start, { word }, end] = found.slice(at - 2, at + 1);
    if (word.length > 1 || word < "\u2e80" || start.word > "\u2e80" || end.word > "\u2e80") continue;
    const joined = analyse(start.word + end.word);
    const [{ word: whole, terms: [term] }] = joined;
    if (whole.length >= MENDED && (dictionary.has(term) || dictionary.near(whole, term, 1)[0]?.edits < ONE_EDIT)) found.splice(at - 2, 3, ...joined);
  }
  return found;
};

// The needs of a query's units. `index` has dictionary, language, analyse and synonyms.
export const toNeeds = (typed, index) => {
  const units = mended(typed, index).flatMap((unit, at, all) => separated(unit, at === all.length - 1, index));
  const needs = units.map((unit, at) => needsOf(unit, at === units.length - 1, index));
  joinNeighbours(units, needs, index);
  addSynonyms(units, needs, index.synonyms);
  return needs.flat();
};

// The blocks to load: those whose words tell most. Those that are there cost nothing.
export const chooseBlocks = (needs, { dictionary, store }) => {
  const worth = new Map();
  for (const need of needs) {
    const spread = Math.max(0, ...need.exact.map(dictionary.spread));
    const telling = need.size * (spread ? 1 / spread : UNKNOWN);
    for (const [term, quality] of [...need.terms, ...need.guesses]) {
      const block = store.blockOf(term);
      const gain = telling * quality * (need.exact.includes(term) ? 1 : 0.4);
      if (block >= 0 && !store.loadedBlock(block)) worth.set(block, (worth.get(block) || 0) + gain);
    }
  }
  return [...worth.keys()].sort((a, b) => worth.get(b) - worth.get(a) || a - b).slice(0, LIMITS.blocks);
};

// Looks the words up in the loaded blocks: gives the needs that the index can answer, with `found`: {term, quality, posting}.
// What only a text holds is completed and corrected from the block in which it would stand.
export const lookUp = (needs, { store }) => {
  const blockFor = (term) => store.loadedBlock(store.blockOf(term));
  const find = (term) => blockFor(term)?.find(term);
  for (const need of needs) {
    const { unit: { word, terms, isPair }, isLast, isPiece } = need;
    need.known = need.exact.some(find);
    const block = blockFor(word);
    if (block && !isPair) {
      block.dictionary = block.dictionary || createDictionary(block.terms);
      if (isLast) for (const term of block.dictionary.begun(word, LIMITS.endings)) offer(need.terms, term, QUALITY.ending);
      if (!need.known && !isPiece) correct(word, terms[0], block.dictionary, need.guesses);
    }
    const meanings = need.known ? [...need.terms] : [...need.terms, ...need.guesses];
    need.found = meanings.map(([term, quality]) => ({ term, quality, posting: find(term) })).filter(({ posting }) => posting);
  }
  // A piece that no article holds says nothing, and neither does a word whose block was not loaded.
  return needs.filter((need) => need.found.length);
};
