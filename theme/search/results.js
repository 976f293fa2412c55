// Results as elements. What comes from a query or an article is text in text nodes, never markup.

export const make = (name, values = {}, ...inner) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...inner);
  return made;
};

// `text` with its ranges [start, end] marked.
export const highlighted = (text, ranges) => {
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
};

export const said = (word, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), word);

export const counted = (words, total) =>
  total === 1 ? words.search_count_one : said(words.search_count, { count: total.toLocaleString(document.documentElement.lang) });

// Attributes of text in another language than the page's.
export const inLanguage = (lang) => (lang ? { lang, dir: "auto" } : {});

const nameOf = (lang) => {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(lang);
  } catch {
    return lang;
  }
};

// Where a result stands, and in which language it is written if that is not the page's.
export const placeOfResult = ({ category, lang }, words) =>
  [category, lang && said(words.search_language, { language: nameOf(lang) })].filter(Boolean).join(" · ");

// What is said where there is no answer, and what a reader can do about it.
export const trouble = (status, words, again) => {
  const isOld = status === "outdated";
  const button = make("button", { type: "button", className: "hc-button hc-quiet", onclick: isOld ? () => location.reload() : again }, isOld ? words.search_reload : words.search_again);
  return { text: isOld ? words.search_outdated : words.search_failed, button };
};
