// The heat map: one stop for the tab key, arrows within, Enter or a click opens the cell.
"use strict";
(() => {
  const box = document.querySelector(".heat-box");
  if (!box) return;
  const body = box.querySelector("tbody"), side = document.getElementById("cell");
  let at = null;
  const address = (td) => box.dataset.cell.replace("/0/KEY", "/" + td.dataset.c.split("/").map(encodeURIComponent).join("/"));
  function move(td) {
    if (!td) return;
    if (at) { at.tabIndex = -1; }
    at = td;
    td.tabIndex = 0;
    td.focus({ preventScroll: true });
    td.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function open(td) {
    body.querySelectorAll("td.chosen").forEach((x) => x.classList.remove("chosen"));
    td.classList.add("chosen");
    htmx.ajax("GET", address(td), { target: side, swap: "innerHTML" }).then(() => {
      const box = side.getBoundingClientRect();  // on a narrow screen it stands below the table
      if (box.top > innerHeight - 120) side.scrollIntoView({ block: "nearest" });
    });
  }
  const first = body.querySelector("td[data-c]");
  if (first) { at = first; first.tabIndex = 0; }
  body.addEventListener("click", (e) => { const td = e.target.closest("td[data-c]"); if (td) { move(td); open(td); } });
  body.addEventListener("keydown", (e) => {
    const td = e.target.closest("td[data-c]");
    if (!td || e.target !== td) return;
    const row = td.parentElement, go = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[e.key];
    if (e.key === "Enter" || e.key === " ") { e.preventDefault(); open(td); }
    else if (go) {
      e.preventDefault();
      const line = go[0] < 0 ? row.previousElementSibling : go[0] > 0 ? row.nextElementSibling : row;
      let next = line && line.children[td.cellIndex + go[1]];
      while (next && !next.dataset.c && go[1]) next = next[go[1] > 0 ? "nextElementSibling" : "previousElementSibling"];
      if (next && next.dataset.c) move(next);
    }
  });
  document.body.addEventListener("luoshi:disposed", (e) => {
    const td = [...body.querySelectorAll("td.chosen")].find((x) => x.dataset.c === e.detail.cell);
    if (!td) return;
    td.textContent = td.textContent.slice(0, 1) + e.detail.mark;
    td.setAttribute("aria-label", td.getAttribute("aria-label").split("，")[0] + (e.detail.words ? "，" + e.detail.words : ""));
  });
})();
