// Signing in again changed the token of this page's form: fetch a fresh one, so that the first press already saves.
const form = document.querySelector("[data-fresh-token]");

async function freshToken(address) {
  const page = await (await fetch(address, { credentials: "same-origin" })).text();
  return new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]").value;
}

let isSent = false; // pressed twice, it is sent once
addEventListener("pageshow", () => { isSent = false; });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSent) return;
  isSent = true;
  try {
    form.querySelector("[name=csrfmiddlewaretoken]").value = await freshToken(form.dataset.freshToken);
  } catch {
    // sent with the old token, the answer is this page again: nothing is lost
  }
  HTMLFormElement.prototype.submit.call(form); // a field of the form may itself be named "submit"
});
