// Tables of items: rows that are checked, cells that are edited in place, files that are sent once they are chosen.
"use strict";
(() => {
  const picks = () => [...document.querySelectorAll("[data-pick]")];

  function tell() {
    const n = picks().filter((x) => x.checked).length;
    for (const x of document.querySelectorAll("[data-picked]")) x.textContent = n ? x.dataset.words.replace("{n}", n) : "";
  }
  document.addEventListener("change", (e) => {
    if (e.target.matches("[data-check-all]")) for (const x of picks()) x.checked = e.target.checked;
    if (e.target.matches("[data-pick], [data-check-all]")) tell();
  });
  // A second form may speak of the rows that another one's boxes name.
  document.body.addEventListener("htmx:configRequest", (e) => {
    const f = e.detail.elt.closest("form[data-rows]");
    if (!f) return;
    for (const x of picks().filter((p) => p.checked)) e.detail.formData.append("item", x.value);
  });
  document.body.addEventListener("htmx:afterSwap", (e) => {
    tell();
    const box = document.querySelector(".cell-form [autofocus]");
    if (box && !box.dataset.seen) { box.dataset.seen = "1"; box.focus(); }
  });
  document.addEventListener("keydown", (e) => {
    const f = e.target.closest && e.target.closest(".cell-form");
    if (!f) return;
    if (e.key === "Escape") { e.preventDefault(); f.querySelector("[data-cancel]").click(); }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); f.requestSubmit(); }
  });
  document.addEventListener("click", (e) => {
    if (e.target.matches("[data-select-all]")) e.target.select();
    if (e.target.closest("[data-agree-all]"))
      for (const x of document.querySelectorAll(".say fieldset"))
        if (!x.querySelector("input:checked")) x.querySelector("input[value=agree]").checked = true;
  });
  tell();
})();
