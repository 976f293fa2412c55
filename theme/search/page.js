// The search on pages: the fields, the search page, the 404 page's suggestions, answers on the contact page.
import { createReporter } from "./events.js";
import { createField } from "./field.js";
import { counted, highlighted, inLanguage, make, placeOfResult, said, trouble } from "./results.js";

const WAIT = 150, SLOW = 400, SUGGEST = 250;
const PAGE = 10;
// Excerpts that come later than this fill in the room that is kept for them.
const PATIENCE = 500;

const delay = (time) => new Promise((done) => setTimeout(done, time));

// The list of the search page in `box`, for the field of `form`. Gives the function that looks at what the field holds.
const createResults = (box, form, { ask, words, root, report }) => {
  const field = form.elements.q, [status, list] = [box.querySelector("[role=status]"), box.querySelector("ol")];
  const topics = document.getElementById("hc-topics");
  const notes = make("div", { className: "hc-hints" }), filter = make("div", { className: "hc-chips", role: "group", ariaLabel: words.search_filter });
  const more = make("button", { type: "button", className: "hc-button hc-quiet", hidden: true }, words.search_more);
  const contacts = [...document.querySelectorAll(".hc-help a[href$='contact/']")].map((link) => [link, link.href]);
  let turn = 0, timer, limit = PAGE, category = "";

  const place = (query) => {
    const asked = new URLSearchParams(query ? { q: query, ...(category && { category }) } : {});
    history.replaceState(history.state, "", query ? `?${asked}` : location.pathname);
    // Who asks a person need not say again what was searched for.
    for (const [link, href] of contacts) link.href = query ? `${href}?${new URLSearchParams({ q: query.slice(0, 200) })}` : href;
  };
  const chip = ({ name, count }) => {
    const number = make("small", {}, count.toLocaleString(document.documentElement.lang));
    return make("button", { type: "button", value: name, onclick: () => pick(name) }, name || words.search_all_topics, number);
  };
  const pick = (name) => {
    [category, limit] = [name, PAGE];
    look();
  };
  // Buttons stay as long as they say the same: one of them may have the focus.
  const showFilter = (answer) => {
    const shown = answer.categories.length > 1 || category ? [{ name: "", count: answer.all }, ...answer.categories] : [];
    const chips = shown.map(chip);
    if (chips.map((one) => one.textContent).join("\n") !== [...filter.children].map((one) => one.textContent).join("\n")) filter.replaceChildren(...chips);
    for (const one of filter.children) one.setAttribute("aria-pressed", one.value === category);
  };

  const row = (one, at) => {
    const open = () => report.opened(at + 1, one.url);
    const link = make("a", { href: root + one.url, onclick: open }, make("bdi", inLanguage(one.lang), ...highlighted(one.title, one.ranges)));
    const text = make("p", inLanguage(one.lang));
    const item = make("li", {}, link, make("small", {}, placeOfResult(one, words)), text);
    const filled = one.details().then(({ heading, text: words_, ranges }) => {
      text.append(...highlighted(words_, ranges));
      if (!heading) return;
      const part = make("a", { href: `${root}${one.url}#${encodeURIComponent(heading.id)}`, onclick: open, ...inLanguage(one.lang) }, ...highlighted(heading.title, heading.ranges));
      item.append(make("p", { className: "hc-part" }, part));
    });
    return { item, filled };
  };

  const clear = (text, ...extra) => {
    status.textContent = text;
    notes.replaceChildren(...extra);
    filter.replaceChildren();
    list.replaceChildren();
    more.hidden = true;
    topics.hidden = false;
  };

  const look = async () => {
    const query = field.value.trim(), mine = ++turn;
    clearTimeout(timer);
    place(query);
    if (!query) return clear("");
    topics.hidden = true;
    const slow = setTimeout(() => { if (mine === turn) status.textContent = words.search_loading; }, list.children.length ? SLOW : 0);
    const answer = await ask(query, limit, category);
    const rows = answer.results.map(row);
    const [suggestion] = await Promise.all([answer.suggestion(), Promise.race([Promise.all(rows.map((one) => one.filled)), delay(PATIENCE)])]);
    clearTimeout(slow);
    if (mine !== turn) return;
    if (answer.status !== "ok") {
      const { text, button } = trouble(answer.status, words, look);
      return clear(text, button);
    }
    report.searched(query, answer.total);
    const better = suggestion && make("a", { href: `?${new URLSearchParams({ q: suggestion })}` }, said(words.search_suggestion, { query: suggestion }));
    if (!answer.total && !category) return clear(words.search_none, ...(better ? [better] : []));
    status.textContent = answer.total ? counted(words, answer.total) : words.search_none;
    notes.replaceChildren(...(better ? [better] : []));
    showFilter(answer);
    const shown = list.children.length, isMore = limit > PAGE && shown < rows.length;
    list.replaceChildren(...rows.map((one) => one.item));
    if (isMore && document.activeElement === more) list.children[shown].querySelector("a").focus();
    more.hidden = answer.total <= rows.length;
  };
  const lookSoon = () => {
    clearTimeout(timer);
    turn++;
    [limit, category] = [PAGE, ""];
    timer = setTimeout(look, WAIT);
  };

  more.onclick = () => {
    limit += PAGE;
    look();
  };
  field.addEventListener("input", lookSoon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  // Arrows go from the field through the results and back.
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const stops = [0, field, ...list.querySelectorAll("a")];
    const next = stops[stops.indexOf(event.target) + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  status.after(notes, filter);
  list.after(more);
  category = new URLSearchParams(location.search).get("category") || "";
  if (field.value) look();
  return lookSoon;
};

// Articles that the words of an address below the language's root may have meant, the last part first.
const suggestFor = async (path, box, field, { ask, root }) => {
  const parts = path.split("/").filter(Boolean).reverse().flatMap((part) => {
    try {
      return [decodeURIComponent(part).replace(/\.html?$/, "").replace(/^\d+(?=\D)|^404$|[-_+.]+/g, " ").trim()];
    } catch {
      return [];
    }
  });
  if (!field.value) field.value = parts[0] || "";
  for (const part of parts.slice(0, 2).filter(Boolean)) {
    const { results } = await ask(part, 4);
    if (!results.length) continue;
    box.querySelector("ul").replaceChildren(...results.map((one) => make("li", {}, make("a", { href: root + one.url }, make("bdi", inLanguage(one.lang), one.title)))));
    box.hidden = false;
    return;
  }
};

// `start(form)` brings a search form to life, once, and gives what looks at its field. `suggest(field, box)` puts links to
// answers into `box` as a field is written in.
export const createPage = (create, words) => {
  const base = new URL(".", import.meta.url).href, root = new URL("..", base).href;
  const { search } = create({ base });
  const ask = (query, limit, category = "") => search(query, { limit, category });
  const parts = { ask, words, root, report: createReporter() };
  let look;

  const start = (form) => {
    if (look) return look;
    const field = form.elements.q, box = document.getElementById("hc-results"), missed = document.getElementById("hc-missed");
    field.onfocus = field.oninput = null;
    document.getElementById("hc-failed")?.remove();
    look = (box ? createResults.bind(null, box) : createField)(form, parts);
    if (missed) suggestFor(location.pathname.replace(new URL(root).pathname, ""), missed, field, parts);
    return look;
  };

  const suggest = (field, box) => {
    let turn = 0, timer;
    const show = async () => {
      const mine = ++turn, query = field.value.trim();
      const { results } = query ? await ask(query, 3) : { results: [] };
      if (mine === turn) box.replaceChildren(...results.map(({ title, url, lang }) => make("a", { href: root + url, ...inLanguage(lang) }, title)));
    };
    field.oninput = () => {
      clearTimeout(timer);
      timer = setTimeout(show, SUGGEST);
    };
    field.oninput();
  };
  return { start, suggest };
};
