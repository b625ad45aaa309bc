// The frame's behaviour: messages, expired sessions, drafts that survive, keys. No inline scripts anywhere.
"use strict";
(() => {
  const body = document.body;

  function say(kind, text, action) {
    const box = document.getElementById("messages");
    if (!box) return;
    const p = document.createElement("p");
    p.className = "message " + kind;
    p.setAttribute("role", kind === "error" ? "alert" : "status");
    p.textContent = text + " ";
    if (action) p.append(action, " ");
    const close = document.createElement("button");
    close.type = "button"; close.className = "link"; close.textContent = body.dataset.close;
    close.addEventListener("click", () => p.remove());
    p.append(close);
    box.replaceChildren(p);
  }
  window.luoshi = { say };

  // What the server wants said: header HX-Trigger: {"luoshi:message": {"kind", "title", "text"}}
  body.addEventListener("luoshi:message", (e) => say(e.detail.kind, [e.detail.title, e.detail.text].filter(Boolean).join("：")));
  body.addEventListener("luoshi:signed-out", () => {
    const a = document.createElement("a");
    a.href = body.dataset.signInUrl; a.target = "_blank"; a.rel = "noopener"; a.textContent = body.dataset.signIn;
    say("error", body.dataset.signedOut, a);
  });
  body.addEventListener("htmx:sendError", () => say("error", body.dataset.network));
  // A new sign-in in another window changes the form token: take it from the cookie at each request.
  body.addEventListener("htmx:configRequest", (e) => {
    const m = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (m) e.detail.headers["X-CSRFToken"] = decodeURIComponent(m[1]);
    if (e.detail.elt.closest("[data-poll]")) e.detail.headers["X-Poll"] = "1";
  });

  // Drafts: <form data-draft="key"> keeps its text in this tab until it was sent well.
  const fields = (f) => [...f.elements].filter((x) => x.name && !["hidden", "password", "file", "submit"].includes(x.type));
  const key = (f) => "draft:" + f.dataset.draft;
  function restore(root) {
    for (const f of root.querySelectorAll("form[data-draft]")) {
      const kept = sessionStorage.getItem(key(f));
      if (!kept) continue;
      const values = JSON.parse(kept);
      for (const x of fields(f)) if (x.name in values && x.type !== "checkbox" && x.type !== "radio") x.value = values[x.name];
    }
  }
  document.addEventListener("input", (e) => {
    const f = e.target.form;
    if (f && f.dataset.draft) sessionStorage.setItem(key(f), JSON.stringify(Object.fromEntries(fields(f).map((x) => [x.name, x.value]))));
  });
  body.addEventListener("htmx:afterRequest", (e) => {
    const f = e.detail.elt.closest && e.detail.elt.closest("form[data-draft]");
    if (f && e.detail.successful) sessionStorage.removeItem(key(f));
  });
  body.addEventListener("htmx:afterSwap", (e) => restore(e.target));
  restore(document);
  // Who asked may be gone from the page when the answer comes, so that what the server wants said would reach nobody.
  body.addEventListener("htmx:afterRequest", (e) => {
    const by = e.detail.requestConfig && e.detail.requestConfig.elt, wanted = by && e.detail.xhr.getResponseHeader("HX-Trigger");
    if (!wanted || by.isConnected) return;
    const events = wanted[0] === "{" ? JSON.parse(wanted) : { [wanted]: {} };
    for (const [name, detail] of Object.entries(events)) htmx.trigger(body, name, detail);
  });

  // Small habits
  // Asked before the form's own listeners hear of it: htmx would send what was not confirmed.
  document.addEventListener("submit", (e) => {
    const chosen = e.target.querySelector("option[data-count]:checked");  // {n}: how many it concerns
    const text = e.target.dataset.confirm && e.target.dataset.confirm.replace("{n}", chosen ? chosen.dataset.count : "");
    if (text && !window.confirm(text)) { e.preventDefault(); e.stopImmediatePropagation(); }
  }, true);
  document.addEventListener("change", (e) => {
    if (e.target.closest("[data-submit-on-change]")) e.target.form.requestSubmit();
  });
  document.addEventListener("click", (e) => {
    const open = e.target.closest("[data-open]");
    if (open) document.getElementById(open.dataset.open).showModal();
    if (e.target.closest("[data-close-dialog]")) e.target.closest("dialog").close();
    if (e.target.closest("[data-print]")) window.print();
    const menu = document.querySelector("[data-menu]");
    if (menu) {
      const open = Boolean(e.target.closest("[data-menu]")) && !body.classList.contains("nav-open");
      if (open || !e.target.closest("#side")) { body.classList.toggle("nav-open", open); menu.setAttribute("aria-expanded", String(open)); }
      if (open) document.querySelector("#side a").focus();
    }
  });
  // Widths and heights that are data: <i data-width="42"> (a style attribute would break the content policy).
  const measure = (root) => {
    for (const x of root.querySelectorAll("[data-width]")) x.style.width = x.dataset.width + "%";
  };
  measure(document);
  body.addEventListener("htmx:afterSwap", (e) => measure(e.target));
  // "/" goes to the search box; Esc closes the menu
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && body.classList.contains("nav-open")) document.querySelector("[data-menu]").click();
    if (e.key === "/" && !e.target.closest("input, textarea, select, [contenteditable]")) {
      const box = document.querySelector("input[type=search]");
      if (box) { e.preventDefault(); box.focus(); }
    }
  });
})();
