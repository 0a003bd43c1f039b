// Pictures go up one by one, each with its progress; what is refused costs the others nothing, and is sent again where
// that can help: by itself while the server is busy with the pictures of others. Without this module the form sends all
// of them together.
const AT_ONCE = 1;
const TRIES = 60;
const isSignedOut = (status) => status === 401 || status === 403; // 403: signed in anew, the page's token is from before
const mayHelp = (status) => !status || isSignedOut(status) || status === 429 || status >= 500; // 0: no answer at all

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector(".uploads");
  const words = form.dataset;
  const waiting = [];
  let running = 0, batch = { all: 0, done: 0 }; // what was chosen together

  input.required = false; // what was chosen has gone to the list by then
  input.addEventListener("change", take);
  form.addEventListener("submit", (event) => { event.preventDefault(); take(); });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!running) begin();
    [...event.dataTransfer.files].forEach(queue);
  });
  addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });

  function take() {
    if (input.files.length && !running) begin();
    [...input.files].forEach(queue);
    input.value = "";
  }

  // What can be sent again stays.
  function begin() {
    batch = { all: 0, done: 0 };
    for (const row of [...list.children]) if (!row.querySelector("button")) row.remove();
  }

  function queue(file) {
    const row = document.createElement("li");
    const [name, bar, told] = ["span", "progress", "span"].map((tag) => row.appendChild(document.createElement(tag)));
    name.textContent = file.name;
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${words.sending} ${file.name}`);
    list.append(row);
    batch.all += 1;
    waiting.push({ file, row, bar, told, batch });
    next();
  }

  function next() {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      send(waiting.shift());
    }
    if (!running) finish();
  }

  function send(item) {
    const body = new FormData(form);
    body.delete("pictures");
    body.append("pictures", item.file, item.file.name);
    const request = new XMLHttpRequest(); // fetch tells nothing of what has gone up
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { item.bar.value = event.loaded; });
    request.addEventListener("load", () => settle(item, request));
    request.addEventListener("error", () => settle(item, request));
    item.told.textContent = words.sending;
    request.send(body);
  }

  function settle(item, request) {
    const pause = Number(request.getResponseHeader("Retry-After")); // seconds; 0: not busy
    const isBusy = request.status === 429 && pause > 0;
    if (isBusy) item.tries = (item.tries || 0) + 1;
    if (isBusy && item.tries < TRIES) {
      item.bar.value = 0;
      item.told.textContent = words.busy;
      setTimeout(() => send(item), pause * (1 + Math.random()) * 1000);
      return;
    }
    running -= 1;
    if (request.status === 201) {
      batch.done += 1;
      item.bar.value = item.bar.max;
      item.told.textContent = words.done;
    } else {
      item.bar.value = 0;
      item.told.textContent = "";
      item.told.append(reason(request));
      if (isSignedOut(request.status)) item.told.append(" ", way());
      if (mayHelp(request.status)) item.told.append(" ", again(item));
    }
    next();
  }

  function reason(request) {
    if (!request.status) return words.failed;
    if (isSignedOut(request.status)) return words.signedOut;
    try {
      const refused = JSON.parse(request.responseText).refused[0];
      return refused.replace(/^.*?: /, ""); // the row names the file already
    } catch {
      return words.refused;
    }
  }

  function way() {
    const link = document.createElement("a");
    Object.assign(link, { href: words.signIn, target: "_blank", textContent: words.signInText });
    return link;
  }

  function again(item) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button is-small";
    button.textContent = words.again;
    button.addEventListener("click", async () => {
      button.disabled = true;
      await renew();
      if (item.batch !== batch) batch.all += 1;
      item.batch = batch;
      waiting.push(item);
      next();
    });
    return button;
  }

  // Signing in again changed the token of this page's form.
  async function renew() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(words.freshToken)).text(), "text/html");
      form.elements.csrfmiddlewaretoken.value = page.querySelector("[name=csrfmiddlewaretoken]").value;
    } catch {
      // sent with the old one, the answer says what is wrong
    }
  }

  function finish() {
    let sum = form.querySelector(".upload-sum");
    if (!sum) {
      sum = form.appendChild(document.createElement("p"));
      sum.className = "upload-sum";
    }
    const link = document.createElement("a");
    link.href = "?blank=on";
    link.className = "more";
    link.textContent = words.next;
    const { all, done } = batch;
    sum.replaceChildren(words.sum.replace("{all}", all).replace("{done}", done), " ", ...(done ? [link] : []));
    if (done) recount(link.cloneNode(true));
  }

  // The list below stays as it is, somebody may be typing there; but it counts what is there now, and no longer says
  // that there is nothing.
  async function recount(link) {
    const answer = await fetch(location.href).catch(() => null); // without the net it counts as before
    const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
    const count = page.querySelector("#pool-count");
    if (!count) return;
    document.querySelector("#pool-count").replaceWith(count);
    if (!page.querySelector(".empty")) document.querySelector(".empty")?.replaceWith(link);
  }
}
