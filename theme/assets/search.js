// Search in the page: an index of articles, ranked by title, then words, then description.
// `hcSearch(query, limit)` is for every page that has an element with `data-index` and `data-root`.
(() => {
  const words = document.querySelector("[data-index]").dataset;
  const PAGE_LANGUAGE = document.documentElement.lang;
  const LIMIT = 30;
  const WEIGHTS = { title: 8, words: 3, description: 1 };

  // Case, Latin accents, Arabic and Hebrew points; marks of other scripts carry meaning and stay.
  const fold = (text) =>
    text.normalize("NFKD").replace(/[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g, "").normalize("NFC").toLowerCase()
      .replace(/ß/g, "ss").replace(/æ/g, "ae").replace(/ø/g, "o").replace(/ł/g, "l").replace(/ı/g, "i");
  const split = (text) => fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) || [];
  const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

  // Scripts without spaces between words are looked up by pairs of characters.
  const terms = (query) =>
    [...new Set(split(query).flatMap((word) =>
      CJK.test(word) && word.length > 2 ? [...word].slice(1).map((_, at) => [...word].slice(at, at + 2).join("")) : [word]))];

  // Whether one insertion, deletion, substitution or swap turns `a` into `b`.
  const isTypo = (a, b) => {
    if (Math.abs(a.length - b.length) > 1) return false;
    let at = 0;
    while (at < a.length && a[at] === b[at]) at++;
    if (a.length > b.length) return a.slice(at + 1) === b.slice(at);
    if (a.length < b.length) return a.slice(at) === b.slice(at + 1);
    return a.slice(at + 1) === b.slice(at + 1) || (a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2));
  };

  const likeness = (term, word) => {
    if (term === word) return 1;
    if (word.startsWith(term)) return 0.75;
    if (CJK.test(term)) return word.includes(term) ? 0.7 : 0;
    if (term.length < 4) return 0;
    if (word.includes(term)) return 0.4;
    return [word.length, term.length, term.length + 1].some((end) => isTypo(term, word.slice(0, end))) ? 0.35 : 0;
  };

  let entries = [], texts = [];
  const vocabulary = new Map();
  const learn = (found) => {
    entries = found;
    texts = found.map((entry) => Object.keys(WEIGHTS).map((name) => split(entry[name] || "").join(" ")).join("\n"));
    entries.forEach((entry, at) => {
      for (const name in WEIGHTS) {
        for (const word of split(entry[name] || "")) {
          if (!vocabulary.has(word)) vocabulary.set(word, new Map());
          const places = vocabulary.get(word);
          places.set(at, Math.max(places.get(at) || 0, WEIGHTS[name]));
        }
      }
    });
  };

  const search = (query, limit) => {
    const scores = new Map(), wanted = terms(query), whole = split(query).join(" ");
    for (const term of wanted) {
      const hits = new Map();
      for (const [word, places] of vocabulary) {
        const degree = likeness(term, word);
        if (degree) for (const [at, weight] of places) hits.set(at, Math.max(hits.get(at) || 0, degree * weight));
      }
      // A word that most articles have says little, in any language.
      const rarity = Math.log(1 + entries.length / (hits.size || 1));
      for (const [at, value] of hits) scores.set(at, (scores.get(at) || 0) + value * rarity);
    }
    const least = Math.max(...scores.values()) * 0.2;
    // Words that stand together as they were typed count for more, most of all in the title.
    const typed = split(query), pairs = typed.slice(1).map((word, at) => `${typed[at]} ${word}`);
    for (const [at, score] of scores) {
      const title = texts[at].split("\n")[0];
      const together = pairs.filter((pair) => texts[at].includes(pair)).length;
      scores.set(at, score * (1 + together / 2) * (title.startsWith(whole) ? 2 : title.includes(whole) ? 1.6 : 1));
    }
    const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return ranked.filter(([, score]) => score > least).slice(0, limit).map(([at]) => ({ lang: PAGE_LANGUAGE, ...entries[at], url: words.root + entries[at].url }));
  };

  let data;
  window.hcSearch = async (query, limit) => {
    await (data ||= fetch(words.index).then((answer) => answer.json()).then(learn));
    return query ? search(query, limit) : [];
  };

  const box = document.getElementById("hc-results"), field = document.getElementById("hc-q");
  if (!box) return;
  const [status, list] = [box.querySelector("[role=status]"), box.querySelector("ol")];
  const topics = document.getElementById("hc-topics");

  const element = (name, text, lang) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (lang && lang !== PAGE_LANGUAGE) { made.lang = lang; made.dir = "auto"; }
    return made;
  };

  const marked = (text, wanted, lang) => {
    const made = element("p", "", lang);
    for (const part of text.split(/([\p{L}\p{N}\p{M}]+)/u)) {
      const folded = fold(part);
      const isHit = wanted.some((term) => (CJK.test(term) ? folded.includes(term) : term.length > 1 && folded.startsWith(term)));
      made.append(isHit ? element("mark", part) : part);
    }
    return made;
  };

  const row = (entry, wanted) => {
    const item = document.createElement("li"), link = element("a");
    link.href = entry.url;
    link.append(element("bdi", entry.title, entry.lang));
    item.append(link);
    if (entry.category) item.append(element("small", entry.category));
    if (entry.description) item.append(marked(entry.description, wanted, entry.lang));
    return item;
  };

  const show = async (query) => {
    const found = await hcSearch(query, LIMIT), wanted = terms(query);
    list.replaceChildren(...found.map((entry) => row(entry, wanted)));
    topics.hidden = found.length > 0;
    const count = found.length === 1 ? words.one : words.count.replace("{count}", found.length.toLocaleString(PAGE_LANGUAGE));
    status.textContent = query ? (found.length ? count : words.none) : "";
  };

  const query = (new URLSearchParams(location.search).get("q") || "").trim();
  field.value = query;
  if (query) { topics.hidden = true; status.textContent = words.loading; }

  let timer = 0;
  const again = () => {
    const text = field.value.trim();
    history.replaceState(null, "", text ? `?q=${encodeURIComponent(text)}` : location.pathname);
    show(text);
  };
  hcSearch("").then(() => {
    show(field.value.trim());
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(again, 150); });
    field.form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); again(); });
  }).catch(() => { topics.hidden = false; status.textContent = query ? words.none : ""; });
})();
