// The draft beside the forms: fetched after the page, so that the forms are there at once.
for (const place of document.querySelectorAll("[data-draft]")) {
  const answer = await fetch(place.dataset.draft).catch(() => null);
  if (!answer?.ok || answer.redirected) continue; // the link above leads there all the same
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
  place.hidden = false;
  const name = { shots: "photos", followups: "plans" }[place.dataset.section] ?? place.dataset.section;
  const section = name && place.querySelector(`#paper-${CSS.escape(name)}`); // that the page is about
  if (section) place.scrollTop += section.getBoundingClientRect().top - place.getBoundingClientRect().top;
}
