// The search of the 404 page starts with the words of the address that led here.
{
  const field = document.getElementById("hc-q");
  const last = location.pathname.split("/").filter(Boolean).pop() || "";
  try {
    if (field && !field.value) field.value = decodeURIComponent(last).replace(/\.html?$/, "").replace(/^\d+(?=\D)|^404$|[-_+.]+/g, " ").trim();
  } catch {}
}
