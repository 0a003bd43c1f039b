// The draft beside the forms: fetched after the page, so that the forms are there at once.
for (const place of document.querySelectorAll("[data-draft]")) {
  const answer = await fetch(place.dataset.draft).catch(() => null);
  if (!answer?.ok || answer.redirected) continue; // the link above leads there all the same
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
  place.hidden = false;
  follow(place);
}

// The draft turns to the section whose form has the focus.
function follow(place) {
  document.addEventListener("focusin", (event) => {
    const id = event.target.closest("section[id]")?.id;
    const section = id && place.querySelector(`#paper-${CSS.escape({ shots: "photos", followups: "plans" }[id] ?? id)}`);
    if (section) place.scrollTop = section.offsetTop - place.offsetTop;
  });
}
