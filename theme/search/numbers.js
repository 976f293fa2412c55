// Reads what hcgen/search/encode.py writes: numbers and sorted words as printable text.

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter((one) => one !== '"' && one !== "\\");
const BASE = 46;
const VALUE = new Int16Array(128).fill(-1);
PRINTABLE.slice(0, 2 * BASE).forEach((one, at) => { VALUE[one.charCodeAt(0)] = at; });

export const rising = (text) => {
  const found = [];
  let last = -1, high = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = VALUE[text.charCodeAt(at)];
    if (digit >= BASE) high = (high + digit - BASE) * BASE;
    else {
      found.push((last += high + digit + 1));
      high = 0;
    }
  }
  return Int32Array.from(found);
};

export const frontCoded = (text) => {
  let word = "";
  return text ? text.split("\n").map((line) => (word = word.slice(0, parseInt(line[0], 36)) + line.slice(1))) : [];
};
