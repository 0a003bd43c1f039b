// A form is sent once, until its answer is there: a double click would do the same thing twice. A press on the browser's
// own stop leaves the page as it is, and tells nobody: after a while a button counts again.
const WHILE = 10_000; // ms
let sentAt = -WHILE;

document.addEventListener("submit", (event) => {
  const method = event.submitter?.getAttribute("formmethod") ?? event.target.getAttribute("method");
  const isKept = event.defaultPrevented || event.submitter?.formTarget; // a module sends it, or another window shows it
  if (isKept || method !== "post") return;
  if (event.timeStamp - sentAt < WHILE) event.preventDefault();
  else sentAt = event.timeStamp;
});
addEventListener("pageshow", () => { sentAt = -WHILE; }); // back, by the browser's own memory of the page
