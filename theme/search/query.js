// A query as needs: each word with all that it may mean, the blocks to load for it, and what they hold.
import { createDictionary, isLong, parts } from "./dictionary.js";

// Blocks that one query may load; the words that tell least go without.
export const LIMITS = { blocks: 5, endings: 12, typos: 6 };
export const QUALITY = { also: 0.8, piece: 0.9, ending: 0.75, typo: [1, 0.72, 0.42, 0.3], synonym: 0.8 };

const typoQuality = (edits) => QUALITY.typo[Math.floor(edits)] - (edits % 1) * 0.2;

// One word of the query: alternatives by term with the quality of each, and how much of a word it is.
const createNeed = (unit, terms, size) => ({ unit, exact: terms, size, terms: new Map(), guesses: new Map() });
const offer = (map, term, quality) => { if (!(map.get(term) >= quality)) map.set(term, quality); };

export const toNeeds = (units, { dictionary, language, analyse, manifest }) => {
  const needs = units.map((unit, at) => {
    const whole = (need, quality = 1) => {
      unit.terms.forEach((term) => offer(need.terms, term, quality));
      unit.also.forEach((term) => offer(need.terms, term, quality * QUALITY.also));
      return need;
    };
    const isLast = at === units.length - 1;
    const size = unit.isPair ? 0.5 : 1;
    let pieces = unit.pieces;
    if (!pieces.length && language.links && isLong(unit.terms[0]) && !dictionary.has(unit.terms[0])) pieces = parts(unit.terms[0], dictionary.has, language.links);
    const found = pieces.length
      ? pieces.map((piece) => {
          const need = whole(createNeed(unit, [piece], 1 / Math.max(1, pieces.length - 1)));
          offer(need.terms, piece, QUALITY.piece);
          need.isPiece = true;
          return need;
        })
      : [whole(createNeed(unit, unit.terms, size))];
    for (const need of found) guess(need, dictionary, isLast && need === found[0]);
    return found;
  });
  // Two words that the articles write as one: "one drive", "Passwort Richtlinie".
  for (let at = 1; at < units.length; at++) {
    if (units[at].isPair || units[at - 1].isPair) continue;
    const [joined] = analyse(units[at - 1].word + units[at].word);
    if (joined && dictionary.has(joined.terms[0])) for (const need of [...needs[at - 1], ...needs[at]]) offer(need.terms, joined.terms[0], 1);
  }
  addSynonyms(units, needs, manifest.synonyms, analyse);
  return needs.flat();
};

// What the word may have been meant to be, or to become.
const guess = (need, dictionary, isLast) => {
  const { word, terms } = need.unit;
  if (need.unit.isPair) return;
  if (isLast) {
    for (const term of dictionary.begun(word, LIMITS.endings)) offer(need.terms, term, QUALITY.ending + (1 - QUALITY.ending) * Math.min(1, word.length / term.length));
    if (terms[0] !== word) for (const term of dictionary.begun(terms[0], LIMITS.endings)) offer(need.guesses, term, QUALITY.ending);
  }
  if (!need.exact.some(dictionary.has)) for (const { term, edits } of dictionary.near(word, terms[0], LIMITS.typos)) offer(need.guesses, term, typoQuality(edits));
};

const addSynonyms = (units, needs, groups, analyse) => {
  for (const group of groups) {
    const members = group.map((text) => analyse(text).flatMap((unit) => unit.terms));
    members.forEach((member, which) => {
      for (let at = 0; at + member.length <= units.length; at++) {
        if (!member.length || !member.every((term, place) => units[at + place].terms.includes(term))) continue;
        for (const need of needs.slice(at, at + member.length).flat()) {
          members.forEach((others, other) => { if (other !== which) others.forEach((term) => offer(need.terms, term, QUALITY.synonym)); });
        }
      }
    });
  }
};

// The blocks to load: those whose words tell most. Those that are there cost nothing.
export const chooseBlocks = (needs, { dictionary, store }) => {
  const worth = new Map();
  for (const need of needs) {
    const spread = Math.max(...need.exact.map(dictionary.spread), 0);
    const value = need.size * (spread ? 1 / spread : 0.45);
    const wanted = (terms) => {
      for (const [term, quality] of terms) {
        const block = store.blockOf(term);
        if (block < 0) continue;
        const gain = value * quality * (need.exact.includes(term) ? 1 : 0.4);
        worth.set(block, (worth.get(block) || 0) + gain);
      }
    };
    wanted(need.terms);
    wanted(need.guesses);
  }
  const order = [...worth.keys()].sort((a, b) => worth.get(b) - worth.get(a) || a - b);
  return order.filter((block) => !store.loadedBlock(block)).slice(0, LIMITS.blocks);
};

// Looks the words up in the loaded blocks; what only a text holds is completed and corrected from its own block.
export const lookUp = (needs, { store, dictionary }) => {
  const find = (term) => {
    const block = store.loadedBlock(store.blockOf(term));
    return block && block.find(term);
  };
  for (const [at, need] of needs.entries()) {
    const isLast = at === needs.length - 1;
    const known = need.exact.some((term) => find(term));
    if (!known || isLast) {
      const block = store.loadedBlock(store.blockOf(need.unit.word));
      if (block && !need.unit.isPair) {
        block.dictionary = block.dictionary || createDictionary(block.terms);
        if (isLast) for (const term of block.dictionary.begun(need.unit.word, LIMITS.endings)) offer(need.terms, term, QUALITY.ending);
        if (!known && !need.isPiece) for (const { term, edits } of block.dictionary.near(need.unit.word, need.unit.terms[0], LIMITS.typos)) offer(need.guesses, term, typoQuality(edits));
      }
    }
    const terms = [...need.terms];
    if (!known) terms.push(...need.guesses);
    need.known = known;
    need.found = terms.map(([term, quality]) => ({ term, quality, posting: find(term) })).filter(({ posting }) => posting);
  }
  // A piece that no article holds says nothing; a word whose block was not loaded neither.
  return needs.filter((need) => need.found.length);
};
