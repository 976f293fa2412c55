// The search field with instant results: a combobox with a list (ARIA Authoring Practices, "Editable Combobox With List
// Autocomplete"). Its options are links as well: a pointer can open them in another tab.
import { counted, highlighted, inLanguage, make, placeOfResult, said, trouble } from "./results.js";

const WAIT = 120;
// Quick answers need no word about waiting.
const SLOW = 400;
const MOST = 6;

// `ask(query, limit)` answers as the search does. Gives the function that looks at what the field holds.
export const createField = (form, { ask, words, root, report }) => {
  const field = form.elements.q;
  const list = make("div", { id: "hc-options", role: "listbox", ariaLabel: words.search_title });
  const status = make("p", { role: "status" });
  // Empty when closed, not gone: what a status says is read out only where it was there before.
  const box = make("div", { className: "hc-found" }, status, list);
  let options = [], active = -1, turn = 0, timer;

  const choose = (at) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = at;
    options[at]?.setAttribute("aria-selected", "true");
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options[at]) field.setAttribute("aria-activedescendant", options[at].id);
    else field.removeAttribute("aria-activedescendant");
  };
  const isOpen = () => box.classList.contains("hc-open");
  const open = (text, found, isQuiet) => {
    status.textContent = text;
    status.classList.toggle("hc-vh", isQuiet);
    choose(-1);
    options = found;
    options.forEach((one, at) => { one.id = `hc-option-${at}`; one.setAttribute("aria-selected", "false"); });
    list.replaceChildren(...options);
    list.hidden = !options.length;
    field.setAttribute("aria-expanded", options.length > 0);
    box.classList.toggle("hc-open", Boolean(text));
  };
  const close = () => {
    turn++;
    clearTimeout(timer);
    open("", [], false);
  };
  const option = (href, onclick, ...inner) => make("a", { href, role: "option", tabIndex: -1, onclick }, ...inner);
  const toPage = (query, text) => option(`${form.action}?${new URLSearchParams({ q: query })}`, report.forget, text);
  const toResult = (one, at) =>
    option(
      root + one.url, () => report.opened(at + 1, one.url),
      make("bdi", inLanguage(one.lang), ...highlighted(one.title, one.ranges)),
      make("small", {}, placeOfResult(one, words) || "\u00a0"),
    );

  const look = async () => {
    const query = field.value.trim(), mine = ++turn;
    clearTimeout(timer);
    if (!query) return close();
    timer = setTimeout(() => {
      if (mine === turn) open(words.search_loading, [], false);
    }, SLOW);
    const answer = await ask(query, MOST);
    const suggestion = answer.total || answer.status !== "ok" ? "" : await answer.suggestion();
    // Somebody typed on, or left.
    if (mine !== turn) return;
    clearTimeout(timer);
    if (answer.status !== "ok") return open(trouble(answer.status, words).text, [], false);
    report.searched(query, answer.total);
    const more = suggestion ? [toPage(suggestion, said(words.search_suggestion, { query: suggestion }))] : [];
    if (answer.total) more.push(toPage(query, said(words.search_see_all, { query })));
    const text = answer.total ? counted(words, answer.total) : words.search_no_match;
    open(text, [...answer.results.map(toResult), ...more], answer.total > 0);
  };
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT, ++turn);
  };

  const steps = { ArrowDown: 1, ArrowUp: -1 };
  field.addEventListener("keydown", (event) => {
    // Keys that an input method takes are not ours.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps) {
      event.preventDefault();
      if (!isOpen()) return look();
      const stops = options.length + 1;
      choose(((active + 1 + steps[event.key] + stops) % stops) - 1);
    } else if (event.key === "Enter" && options[active]) {
      event.preventDefault();
      options[active].click();
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) choose(-1);
  });
  field.addEventListener("input", lookSoon);
  // The focus stays in the field while a pointer is in the list.
  box.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  form.addEventListener("submit", () => { report.forget(); close(); });
  addEventListener("pageshow", (event) => { if (event.persisted) close(); });

  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": false })) field.setAttribute(name, value);
  form.append(box);
  return lookSoon;
};
