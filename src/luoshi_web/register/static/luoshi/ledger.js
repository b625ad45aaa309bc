// The ledger: picking rows, the change made to all of them, forms in place of a row.
"use strict";
(() => {
  const table = document.getElementById("ledger-rows"), bulk = document.getElementById("bulk"), all = document.getElementById("pick-all");
  if (!table) return;
  const boxes = () => [...table.querySelectorAll("input[name=pick]")];
  let last = null;
  function count() {
    if (!bulk) return;
    const every = boxes(), n = every.filter((b) => b.checked).length;
    bulk.hidden = !n;
    bulk.querySelector("output").textContent = String(n);
    if (all) { all.checked = n > 0 && n === every.length; all.indeterminate = n > 0 && n < every.length; }
  }
  table.addEventListener("click", (e) => {
    const box = e.target.closest("input[name=pick]");
    if (!box) return;
    if (e.shiftKey && last && last.isConnected) {
      const every = boxes(), a = every.indexOf(last), b = every.indexOf(box);
      every.slice(Math.min(a, b), Math.max(a, b) + 1).forEach((x) => { x.checked = box.checked; });
    }
    last = box;
    count();
  });
  if (all) all.addEventListener("change", () => { boxes().forEach((b) => { b.checked = all.checked; }); count(); });
  if (bulk) {
    const what = bulk.querySelector("[name=what]");
    const shape = () => bulk.querySelectorAll("[data-for]").forEach((x) => { x.hidden = !x.dataset.for.split(" ").includes(what.value); });
    what.addEventListener("change", shape);
    shape();
    document.getElementById("pick-none").addEventListener("click", () => { boxes().forEach((b) => { b.checked = false; }); count(); });
  }
  // A row is edited by its button or a double click; Ctrl+Enter saves, Esc leaves it as it was.
  table.addEventListener("dblclick", (e) => {
    const row = e.target.closest("tr"), button = row && row.querySelector("[data-edit-row]");
    if (button && !e.target.closest("a, button, input")) button.click();
  });
  table.addEventListener("keydown", (e) => {
    const form = e.target.closest("form.row-form");
    if (!form) return;
    if (e.key === "Enter" && e.ctrlKey) { e.preventDefault(); form.requestSubmit(); }
    if (e.key === "Escape") { e.preventDefault(); sessionStorage.removeItem("draft:" + form.dataset.draft); form.querySelector("[data-cancel-row]").click(); }
  });
  document.body.addEventListener("htmx:afterSettle", (e) => {
    const row = e.detail.elt && e.detail.elt.closest && e.detail.elt.closest("#ledger-rows tr");
    const here = row && document.getElementById(row.id);
    if (!here) return;
    const field = here.querySelector("form.row-form textarea") || here.querySelector("[data-edit-row]");
    if (field) field.focus();
    count();
  });
  count();
})();
