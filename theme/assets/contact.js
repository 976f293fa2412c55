// The contact page: hours by the clock, a chat once it is wanted, a form that says what it lacks and suggests answers.
// All words are in the page; partials/hc/channels.html and request.html say what their attributes mean.
{
  const all = (name) => document.querySelectorAll(name);
  const make = (name, values) => Object.assign(document.createElement(name), values);
  const load = (src, onload, onerror) => document.head.append(make("script", { src, onload, onerror }));

  // Hours: what a day of the brand's calendar says from when on. Swedish writes dates as ISO 8601 does.
  for (const one of all("[data-week]")) {
    const [day, time] = new Date().toLocaleString("sv", { timeZone: one.dataset.zone }).split(" "), week = JSON.parse(one.dataset.week);
    for (const [from, text] of week[day] || week[new Date(day).getUTCDay()]) if (from <= time) one.textContent = text;
  }

  // Chat: nothing of the vendor is here before the click.
  for (const one of all("[data-script]")) {
    const [button, link] = one.children, data = one.dataset;
    one.replaceChildren(button);
    button.hidden = false;
    button.onclick = () => {
      button.disabled = button.textContent = data.loading;
      load(data.script, () => one.replaceChildren(data.ready), () => one.replaceChildren(data.failed, " ", link));
    };
  }

  for (const form of all("#hc-form")) {
    const [errors, subject, answers, text, link] = all(".hc-part");
    form.noValidate = true;
    if (link) link.hidden = !(form.hidden = false);
    // What is there already travels without a script alone; below it is put together anew.
    text.value = text.value.replace(text.defaultValue, "");
    for (const one of all("[data-given]")) {
      const value = new URLSearchParams(location.search).get(one.dataset.given);
      if (value) one.disabled = !(one.value ||= value);
    }
    // A field that is not shown, because its topics are not chosen, is neither checked nor sent.
    (form.onchange = () => {
      for (const one of all("[data-topics]")) one.disabled = !one.offsetParent;
      for (const one of all("[data-form]:checked")) form.ticket_form_id.value = one.dataset.form;
    })();

    form.onformdata = ({ formData }) => {
      let { value } = text;
      for (const one of all("[data-line]:enabled")) if (one.value) value += one.dataset.line + one.value;
      formData.set(text.name, value.replaceAll("\n", form.dataset.break));
    };
    form.onsubmit = () => {
      errors.hidden = form.checkValidity();
      for (const link of all("#hc-errors a")) {
        const [one] = all(link.hash);
        one.ariaInvalid = !(link.hidden = one.checkValidity());
        one.nextSibling.textContent = link.hidden ? "" : link.text;
      }
      errors.focus();
      // RFC 6068: a space is %20, a line break CR and LF.
      if (link && errors.hidden) link.click(link.search = `${new URLSearchParams(new FormData(form))}`.replaceAll("+", "%20").replaceAll("%0A", "%0D%0A"));
      return !link && errors.hidden;
    };

    // Answers to what is being written; the search comes with the first letter.
    subject.oninput = async () => (await import(new URL(form.dataset.search, location))).suggest(subject, answers);
  }
}
