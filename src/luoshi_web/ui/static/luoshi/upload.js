// Dropping files and folders; the size is checked before anything is sent.
"use strict";
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const files = document.getElementById("files"), folder = document.getElementById("folder"), bar = document.getElementById("sending");
  const limit = Number(form.dataset.maxMb) * 1048576;
  // A server takes so many files, and a proxy so many bytes, at once: large folders go in several parts.
  const FILES = 100, BYTES = Math.max(limit, 64 * 1048576);
  let waiting = [];

  function parts(list) {
    const out = [];
    let part = [], bytes = 0;
    for (const f of list) {
      if (part.length && (part.length >= FILES || bytes + f.file.size > BYTES)) { out.push(part); part = []; bytes = 0; }
      part.push(f); bytes += f.file.size;
    }
    return part.length ? [...out, part] : out;
  }
  function send(list) {
    const fit = list.filter((f) => f.file.size <= limit), large = list.filter((f) => f.file.size > limit);
    if (large.length) luoshi.say("error", form.dataset.tooLarge + large.map((f) => f.path).join("、"));
    if (!fit.length) return;
    document.getElementById("batch").replaceChildren();
    waiting = parts(fit);
    post(waiting.shift());
  }
  function post(fit) {
    const transfer = new DataTransfer();
    form.querySelectorAll("input[name=paths]").forEach((x) => x.remove());
    for (const f of fit) {
      transfer.items.add(f.file);
      const path = document.createElement("input");
      path.type = "hidden"; path.name = "paths"; path.value = f.path;
      form.append(path);
    }
    files.files = transfer.files;
    htmx.trigger(form, "submit");
  }
  const hidden = (name) => name.startsWith(".") || name.startsWith("~$");

  async function walk(entry, out) {
    if (hidden(entry.name)) return;
    if (entry.isFile) {
      out.push({ file: await new Promise((ok, no) => entry.file(ok, no)), path: entry.fullPath.replace(/^\//, "") });
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((ok, no) => reader.readEntries(ok, no));
        if (!some.length) break;
        for (const e of some) await walk(e, out);
      }
    }
  }
  form.addEventListener("dragover", (e) => { e.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", async (e) => {
    e.preventDefault(); form.classList.remove("over");
    const out = [];
    for (const entry of [...e.dataTransfer.items].map((i) => i.webkitGetAsEntry()).filter(Boolean)) await walk(entry, out);
    send(out);
  });
  for (const input of [files, folder]) {
    input.addEventListener("change", () => {
      const list = [...input.files].filter((f) => !hidden(f.name)).map((f) => ({ file: f, path: f.webkitRelativePath || f.name }));
      send(list);
    });
  }
  form.addEventListener("htmx:xhr:progress", (e) => {
    bar.classList.remove("hidden");
    if (e.detail.total) bar.value = 100 * e.detail.loaded / e.detail.total;
  });
  form.addEventListener("htmx:afterRequest", (e) => {
    if (e.detail.elt !== form) return;
    bar.classList.add("hidden"); files.value = ""; folder.value = "";
    if (e.detail.successful && waiting.length) post(waiting.shift()); else waiting = [];
  });
})();
