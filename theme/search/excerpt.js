// What a result shows of an article: a passage with the query's words, and where they stand, as numbers. Never markup.

const LONGEST = 180;

// Ranges [start, end] of words of `text` that the query asks for. `isWanted` says so for a word's analysed terms.
export const marked = (text, analyse, isWanted) => {
  const found = [];
  // A word of its own at a time: what is marked is what stands in the text.
  for (const { index, 0: word } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const units = analyse(word);
    if (units.some((unit) => unit.isPair)) pairs(word, index, units, isWanted, found);
    else if (units.some((unit) => isWanted([unit.word, ...unit.terms, ...unit.pieces]))) found.push([index, index + word.length]);
  }
  return found;
};

// In scripts without spaces the two characters are marked, wherever they stand in the run.
const pairs = (word, index, units, isWanted, found) => {
  for (const unit of units) {
    if (!isWanted(unit.terms)) continue;
    for (let at = word.indexOf(unit.word); at >= 0; at = word.indexOf(unit.word, at + 1)) found.push([index + at, index + at + unit.word.length]);
  }
  found.sort((a, b) => a[0] - b[0]);
  for (let at = found.length - 1; at > 0; at--) {
    if (found[at][0] <= found[at - 1][1]) found.splice(at - 1, 2, [found[at - 1][0], Math.max(found[at - 1][1], found[at][1])]);
  }
};

// {text, ranges}: the passage of `text`, about so long, that holds most marked words.
export const excerpt = (text, analyse, isWanted) => {
  const ranges = marked(text, analyse, isWanted);
  let start = 0, most = 0;
  for (const [from] of ranges) {
    const begin = from < LONGEST / 2 ? 0 : from - 30;
    const inside = ranges.filter(([a, b]) => a >= begin && b <= begin + LONGEST).length;
    if (inside > most) [start, most] = [begin, inside];
  }
  // Words stay whole, and so do characters that are two code units.
  if (start) start = Math.max(start - 20, text.lastIndexOf(" ", start) + 1);
  let end = Math.min(text.length, start + LONGEST);
  if (end < text.length) end = Math.max(end - 20, text.lastIndexOf(" ", end));
  if (/[\udc00-\udfff]/.test(text[start] || "")) start++;
  if (/[\ud800-\udbff]/.test(text[end - 1] || "")) end--;
  const shown = ranges.filter(([a, b]) => a >= start && b <= end).map(([a, b]) => [a - start + (start ? 1 : 0), b - start + (start ? 1 : 0)]);
  return { text: (start ? "…" : "") + text.slice(start, end) + (end < text.length ? "…" : ""), ranges: shown };
};
