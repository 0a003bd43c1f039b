// Lines change places by dragging and by their buttons, in place. Their order is sent with the form: it is the order of
// their keys.
for (const list of document.querySelectorAll("[data-order]")) {
  const lines = () => [...list.children].filter((line) => line.dataset.key);
  const buttons = list.querySelectorAll("[data-move]");
  if (!buttons.length) continue;
  const told = document.createElement("p");
  told.className = "sr-only";
  told.setAttribute("role", "status");
  list.before(told);
  let dragged = null;

  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const line = button.closest("[data-key]");
      const other = button.dataset.move === "up" ? line.previousElementSibling : line.nextElementSibling;
      if (!other?.dataset.key) return;
      if (button.dataset.move === "up") other.before(line); else other.after(line);
      button.focus();
      moved(line);
    });
  }

  for (const line of lines()) {
    const handle = line.querySelector("img") ?? line.querySelector(".line-handle");
    if (!handle) continue;
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = line;
      line.dataset.dragged = "";
      event.dataTransfer.setData("text/plain", line.dataset.key); // Firefox drags nothing without data
      event.dataTransfer.effectAllowed = "move";
    });
    handle.addEventListener("dragend", () => {
      delete line.dataset.dragged;
      dragged = null;
      moved(line); // where it is seen is where it stays, wherever the hand let go
    });
  }

  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const line = event.target.closest("[data-key]");
    if (!line || line === dragged || line.parentElement !== list) return;
    const isAfter = dragged.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isAfter) line.after(dragged); else line.before(dragged);
  });

  function moved(line) {
    told.textContent = list.dataset.moved.replace("{place}", lines().indexOf(line) + 1);
    list.dispatchEvent(new Event("input", { bubbles: true })); // keep.js keeps it
  }
}
