// What readers search for and open, reported to the brand's own endpoint; docs/beacon.md. Nothing is stored.

// A query counts once nobody has typed for so long.
const SETTLED = 2000;
const LONGEST = 100;

// Without what looks like an address or a number of somebody's own.
const withoutNames = (query) =>
  query.replace(/\S+@\S+/g, "@").replace(/\p{Nd}(?:[\s./-]?\p{Nd}){5,}/gu, "#").replace(/\s+/g, " ").trim().slice(0, LONGEST);

export const createReporter = () => {
  const { endpoint, contract, brand, locale, kind } = document.querySelector("script[data-endpoint]")?.dataset || {};
  const isOff = !endpoint || !navigator.sendBeacon || navigator.globalPrivacyControl || navigator.doNotTrack === "1";
  let last = {}, timer;

  const send = (values) => navigator.sendBeacon(endpoint, JSON.stringify({ v: Number(contract), brand, locale, kind, ...values }));
  const settle = () => {
    clearTimeout(timer);
    if (!last.query || last.nonce) return;
    last.nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    send({ event: last.total ? "search" : "no_result", query: last.query, results: last.total, nonce: last.nonce });
  };

  return {
    // A query was answered. Another one soon after takes its place.
    searched(text, total) {
      const query = withoutNames(text);
      if (isOff || query === last.query) return;
      clearTimeout(timer);
      last = { query, total };
      timer = setTimeout(settle, SETTLED);
    },
    // The result at `position`, counted from 1, was opened. `url` is relative to the language's root.
    opened(position, url) {
      if (isOff || !last.query) return;
      settle();
      send({ event: "open", query: last.query, position, url, nonce: last.nonce });
    },
    // The query goes to the search page, which reports it itself.
    forget: () => clearTimeout(timer),
  };
};
