// Puts what the server sends in place of a part of the page. Without this file, reloading the page does the same.
"use strict";
for (const part of document.querySelectorAll("[data-live]")) {
  const lost = document.querySelector("[data-lost]");
  const events = new EventSource(part.dataset.live);
  events.onmessage = (event) => {
    // A person who walks the part by keyboard is not thrown out of it.
    const at = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
    part.innerHTML = event.data;
    if (at) part.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
    if (lost) lost.hidden = true;
  };
  events.onerror = () => { if (lost) lost.hidden = false; };
}
