// Comforts that a page can do without: the choice of a colour scheme, a key for the search, the search itself once it is
// wanted, a heading kept over languages.
(() => {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const store = {
    get: (name) => {
      try { return localStorage.getItem(name) || ""; } catch { return ""; }
    },
    set: (name, value) => {
      try { value ? localStorage.setItem(name, value) : localStorage.removeItem(name); } catch {}
    },
  };
  const paint = (scheme) => {
    if (scheme) root.dataset.theme = scheme;
    else delete root.dataset.theme;
  };
  paint(store.get("hc-theme"));

  const theme = find("hc-theme"), shortcut = find("hc-shortcut"), field = find("hc-q");
  if (theme) {
    find("hc-settings").hidden = false;
    theme.value = store.get("hc-theme");
    theme.onchange = () => { store.set("hc-theme", theme.value); paint(theme.value); };
    // A key without a modifier must be possible to turn off (WCAG 2.1.4).
    shortcut.checked = !store.get("hc-no-key");
    shortcut.onchange = () => store.set("hc-no-key", shortcut.checked ? "" : "1");
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== "/" || !shortcut?.checked || !field || event.target.closest?.("input,textarea,select,[contenteditable]")) return;
    event.preventDefault();
    field.focus();
  });

  // The search comes when its field is entered, or where the page has something to look for.
  if (field) {
    const { form } = field, { search, failed } = form.dataset;
    const load = () => import(new URL(search, location)).then(({ start }) => start(form));
    const tell = () => find("hc-failed") || form.append(Object.assign(document.createElement("p"), { id: "hc-failed", className: "hc-found hc-open", role: "alert", textContent: failed }));
    field.onfocus = () => load().catch(() => {});
    field.oninput = () => load().then((look) => look(), tell);
    if (find("hc-missed")) field.onfocus();
    if (find("hc-results") && (field.value = new URLSearchParams(location.search).get("q"))) load().catch(tell);
  }

  // Headings have the same ids in all languages: the others open at the heading that was jumped to.
  const keep = () => {
    if (!document.querySelector(".hc-body :target")) return;
    for (const link of document.querySelectorAll("#hc-languages a")) link.hash = location.hash;
  };
  onhashchange = onpageshow = keep;

  // A table that scrolls must be reachable by keyboard.
  for (const one of document.querySelectorAll(".hc-body table")) if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
})();
