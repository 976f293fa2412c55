// Answers are sent without leaving the page, with what the forms hold; docs/beacon.md. A pressed button is a reader's
// wish, unlike a view: it is sent whatever the browser says about being watched. No cookie goes along.
{
  const find = (id) => document.getElementById(`hc-${id}`);
  const form = find("feedback"), said = find("said"), more = find("no"), help = find("step-help"), field = find("step"),
    address = help?.href, nonce = crypto.randomUUID().replaceAll("-", "");

  const send = (button, group, text) => {
    const press = (pressed) => {
      for (const one of group.querySelectorAll(".hc-did button,[name=yes]")) one.ariaPressed = one === pressed;
    };
    press(button);
    said.textContent = "";
    const fields = Object.fromEntries(new FormData(button.form));
    fetch(button.form.action, {
      method: "POST", mode: "no-cors", credentials: "omit", keepalive: true,
      body: JSON.stringify({ ...fields, v: 1, return: undefined, [button.name]: button.value, nonce }),
    })
      .catch(() => { press(); text = said.dataset.failed; })
      .then(() => { if (text) said.textContent = text; });
  };

  const answer = (event) => {
    const button = event.submitter, group = button.closest("fieldset"), works = button.name === "yes";
    event.preventDefault();
    button.parentNode.append(said);
    send(button, group, find("thanks").textContent);
    if (button.form === form) more.open = !works;
    // A ticket knows of the step that was last answered with no.
    else if (!works || group.contains(help)) {
      group.append(help);
      help.hidden = works;
      help.href = address.replace("_step_", button.value);
      if (field) field.value = works ? "" : button.value;
    }
  };
  form.onsubmit = answer;
  if (help) find("did").onsubmit = answer;
  // Many say no and no more: this counts already, and a reason sent later takes its place.
  more.ontoggle = () => more.open && send(form.no[0], form);
}
