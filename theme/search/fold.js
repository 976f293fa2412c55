// Letters made equal, and text cut into chunks and runs of one script. The twin of hcgen/search/fold.py.

const MARKS =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/g;
const LETTERS = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ",
  ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ک: "ك", ھ: "ه", ە: "ه", ך: "כ", ם: "מ", ן: "נ", ף: "פ", ץ: "צ",
};
for (let digit = 0; digit < 10; digit++) LETTERS[String.fromCharCode(0x660 + digit)] = LETTERS[String.fromCharCode(0x6f0 + digit)] = `${digit}`;

const INDIC = "\\u0900-\\u0963\\u0966-\\u0dff";
const SOUTH_EAST = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff";
const EAST = "\\u3005-\\u3007\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const UNSPACED = SOUTH_EAST + EAST;
const HANGUL = "\\u1100-\\u11ff\\uac00-\\ud7a3";
const WORD = `[\\p{L}\\p{N}${INDIC}${SOUTH_EAST}]`;
const CHUNK = new RegExp(`${WORD}+(?:[-_.'’]${WORD}+)*(?:\\+\\+?|#)?`, "gu");
const RUN = new RegExp(`[${UNSPACED}]+|[${HANGUL}]+|[^${UNSPACED}${HANGUL}]+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
const IS_KOREAN = new RegExp(`^[${HANGUL}]`);

const ASCII = /^[\x00-\x7f]*$/;

export const plain = (text) => text.normalize("NFKC").toLowerCase().replace(MARKS, "").normalize("NFC");
export const fold = (word) => ASCII.test(word) ? word : word.normalize("NFD").replace(MARKS, "").replace(/./gu, (letter) => LETTERS[letter] || letter).normalize("NFC");
export const chunks = (text) => text.match(CHUNK) || [];
export const runs = (chunk) => chunk.match(RUN) || [];
export const isUnspaced = (run) => IS_UNSPACED.test(run);
export const isKorean = (run) => IS_KOREAN.test(run);
