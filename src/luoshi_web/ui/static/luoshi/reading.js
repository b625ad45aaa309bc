// The reading page: text and list light each other; j and k go on and back.
"use strict";
(() => {
  const text = document.querySelector("article.text"), list = document.querySelector(".found");
  if (!text || !list) return;
  const items = [...list.querySelectorAll("li[data-key]")];
  const marks = luoshi.marks, inside = luoshi.inside;
  let current = -1;

  function light(key, on) {
    marks(key).forEach((m) => m.classList.toggle("lit", on));
    const li = document.getElementById("c-" + key);
    if (li) li.classList.toggle("lit", on);
  }
  function select(i) {
    if (current >= 0) light(items[current].dataset.key, false);
    current = Math.max(0, Math.min(items.length - 1, i));
    const key = items[current].dataset.key;
    light(key, true);
    items[current].focus({ preventScroll: true });
    inside(list, items[current]);
    luoshi.reveal(key, items[current].dataset.page);
  }
  text.addEventListener("mouseover", (e) => { const m = e.target.closest("[data-keys]"); if (m) m.dataset.keys.split(" ").forEach((k) => light(k, true)); });
  text.addEventListener("mouseout", (e) => { const m = e.target.closest("[data-keys]"); if (m) m.dataset.keys.split(" ").forEach((k) => { if (current < 0 || items[current].dataset.key !== k) light(k, false); }); });
  text.addEventListener("click", (e) => {
    const m = e.target.closest("[data-keys]");
    if (m) select(items.findIndex((x) => x.dataset.key === m.dataset.keys.split(" ").pop()));
  });
  list.addEventListener("mouseover", (e) => { const li = e.target.closest("li[data-key]"); if (li) light(li.dataset.key, true); });
  list.addEventListener("mouseout", (e) => { const li = e.target.closest("li[data-key]"); if (li && items[current] !== li) light(li.dataset.key, false); });
  list.addEventListener("click", (e) => {
    const a = e.target.closest("[data-go]");
    if (a) { e.preventDefault(); select(items.indexOf(a.closest("li"))); }
  });
  document.addEventListener("keydown", (e) => {
    if (e.target.closest("input, textarea, select, dialog") || e.ctrlKey || e.metaKey || e.altKey || !items.length) return;
    if (e.key === "j") select(current + 1);
    else if (e.key === "k") select(current - 1);
  });
})();
