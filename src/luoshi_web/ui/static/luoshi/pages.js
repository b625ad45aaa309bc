// Text or page picture: the switch, what is lit on the pages, the way to a page. Used by reading and review.
"use strict";
(() => {
  const text = document.querySelector("article.text"), leaves = document.getElementById("leaves");
  luoshi.marks = (key) => (text && key ? [...text.querySelectorAll(`[data-keys~="${CSS.escape(key)}"]`)] : []);
  luoshi.inside = (box, x) => {
    const a = box.getBoundingClientRect(), b = x.getBoundingClientRect();
    if (b.top < a.top || b.bottom > a.bottom) box.scrollTop += b.top - a.top - a.height / 3;
  };
  // Brings a candidate's place into sight: in the text, or on its page, which may have to be loaded first.
  luoshi.reveal = (key, page) => {
    const seen = luoshi.marks(key).find((m) => m.getClientRects().length);
    if (seen) return luoshi.inside(text, seen);
    const leaf = leaves && !leaves.hidden && page && document.getElementById("leaf-" + page);
    if (!leaf) return undefined;
    leaf.dataset.wanted = key;
    luoshi.inside(text, leaf);
    return htmx.trigger(leaf.querySelector(".sheet"), "luoshi:show");
  };
  if (!leaves) return;
  const body = text.querySelector(".text-body"), buttons = [...text.querySelectorAll("[data-view]")];
  function show(view) {
    const pages = view === "pages";
    leaves.hidden = !pages; body.hidden = pages;
    buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.view === view)));
    sessionStorage.setItem("luoshi:view", view);
    const at = document.querySelector(".found li[aria-current], .found li.lit");
    if (at) luoshi.reveal(at.dataset.key, at.dataset.page);
  }
  buttons.forEach((b) => b.addEventListener("click", () => show(b.dataset.view)));
  document.addEventListener("keydown", (e) => {
    if (e.key !== "p" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    show(leaves.hidden ? "pages" : "text");
  });
  leaves.addEventListener("htmx:afterSwap", (e) => {
    const leaf = e.target.closest(".leaf");
    if (!leaf) return;
    leaf.classList.add("loaded");
    for (const r of leaf.querySelectorAll("rect[data-keys]")) {
      const li = document.getElementById("c-" + r.dataset.keys);
      if (li && li.dataset.state) r.classList.add("is-" + li.dataset.state);
      if (li && (li.hasAttribute("aria-current") || li.classList.contains("lit"))) r.classList.add("lit");
    }
    const wanted = leaf.dataset.wanted, found = wanted && luoshi.marks(wanted).find((m) => m.closest(".leaf") === leaf);
    const lit = found || leaf.querySelector("rect.place.lit:not(.candidate)");
    if (lit) luoshi.inside(text, lit);
    delete leaf.dataset.wanted;
  });
  if (sessionStorage.getItem("luoshi:view") === "pages" && !location.hash) show("pages");
})();
