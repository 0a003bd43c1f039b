// A button beside a text that copies it. Without this the text can be selected by hand.
for (const box of document.querySelectorAll("[data-copy]")) {
  const text = box.querySelector("textarea");
  const button = box.querySelector("button");
  const said = box.querySelector("[role=status]");
  button.hidden = false;
  text.addEventListener("focus", () => text.select());
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy"); // an address without https has no clipboard
    }
    said.textContent = said.dataset.done;
  });
}
