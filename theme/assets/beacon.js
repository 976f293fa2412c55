// One message per page view, to the brand's own endpoint; contract version 1. Nothing is stored, nobody is recognised.
{
  const { endpoint, brand, locale, contentLocale, article, digest, kind } = document.currentScript.dataset;
  const refuses = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
  const send = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const nonce = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const event = { v: 1, event: "view", brand, locale, content_locale: contentLocale, article, digest, kind, nonce };
    navigator.sendBeacon(endpoint, JSON.stringify(event));
  };
  if (endpoint && !refuses && navigator.sendBeacon) {
    if (document.prerendering) document.addEventListener("prerenderingchange", send, { once: true });
    else if (document.readyState === "complete") send();
    else addEventListener("load", send, { once: true });
  }
}
