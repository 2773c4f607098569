/* What the pages do beyond links and forms: keys, running clocks, the side panel. Everything works without this file. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const zh = document.documentElement.lang.startsWith("zh");
  const panel = () => $("#sw-panel .sw-panel:not(.is-page)");

  /* The person's own zone, for the second time beside the store's. */
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `sw_zone=${zone}; path=/; max-age=31536000; samesite=lax`;

  /* Chinese slices are fetched only where a page holds Chinese. */
  const han = () => {
    /* A phone has letters for the word in the language switch; a desk may not, and a sign-in page has little else to fetch. */
    const whole = document.body.classList.contains("is-plain") || matchMedia("(min-width: 720px)").matches;
    const said = whole ? document.body.textContent : [...$$("main"), ...$$("#sw-panel")].map((part) => part.textContent).join("");
    if (document.body.dataset.lang === "zh-Hans" || $("#sw-han") || !/[\u3400-\u9fff]/.test(said)) return;
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", id: "sw-han", href: document.body.dataset.han });
    document.head.append(link);
  };

  /* Countdowns: the same words as storeward/web/formats.py. */
  const span = (seconds) => {
    const s = Math.max(0, Math.floor(seconds)), m = Math.floor(s / 60), h = Math.floor(m / 60), d = Math.floor(h / 24);
    const two = (n) => String(n).padStart(2, "0");
    if (s < 60) return zh ? `${s} 秒` : `${s} s`;
    if (s < 3600) return zh ? `${m} 分` : `${m} min`;
    if (s <= 172800) return zh ? `${h} 小时${m % 60 ? ` ${m % 60} 分` : ""}` : `${h} h${m % 60 ? ` ${two(m % 60)}` : ""}`;
    return zh ? `${d} 天${h % 24 ? ` ${h % 24} 小时` : ""}` : `${d} d${h % 24 ? ` ${h % 24} h` : ""}`;
  };
  const tick = () => {
    for (const clock of $$("[data-due]")) {
      const due = Date.parse(clock.dataset.due), left = (due - Date.now()) / 1000;
      const whole = clock.dataset.start ? (due - Date.parse(clock.dataset.start)) / 1000 : 0;
      const share = left < 0 ? 1 : whole > 0 ? Math.min(1, left / whole) : 1;
      const text = left < 0 ? (zh ? `逾期 ${span(-left)}` : `late ${span(-left)}`)
        : left < 600 ? `${Math.floor(left / 60)}:${String(Math.floor(left % 60)).padStart(2, "0")}` : span(left);
      const words = $("b", clock);
      if (words && words.textContent !== text) words.textContent = text;
      clock.style.setProperty("--sw-left", `${Math.round(share * 100)}%`);
      clock.classList.toggle("is-crit", left < 600 || share <= 0.1);
      clock.classList.toggle("is-warn", left >= 600 && share > 0.1 && share <= 0.25);
    }
  };

  /* The list: one line is in focus; the keys act on it. */
  const lines = () => $$("#sw-list .sw-line");
  const focused = () => $("#sw-list .sw-line.is-on");
  const focus = (line) => {
    if (!line) return;
    for (const other of lines()) other.classList.toggle("is-on", other === line);
    line.scrollIntoView({ block: "nearest" });
    $(".sw-what", line)?.focus({ preventScroll: true });
  };
  const follow = () => {
    const key = panel()?.dataset.line;
    const line = key && $(`#sw-list .sw-line[data-line="${CSS.escape(key)}"]`);
    if (line) for (const other of lines()) other.classList.toggle("is-on", other === line);
  };
  const move = (step) => {
    const all = lines(), at = all.indexOf(focused());
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    focus(next);
    if (panel()) open(next);
  };
  const open = (line, act) => {
    const link = line && $(".sw-what", line);
    if (!link) return;
    const url = link.getAttribute("hx-get");
    if (!url) { location.href = link.href; return; }
    htmx.ajax("GET", url, { target: "#sw-panel", source: link }).then(() => act && show(act));
  };
  const show = (act) => {
    const menu = $(`#sw-panel details[data-act="${act}"]`);
    if (!menu) return;
    for (const other of $$("#sw-panel .sw-foot details[open]")) other.open = other === menu;
    menu.open = true;
    $("input:not([type=hidden]), textarea, button", menu.querySelector(".sw-pop") || menu)?.focus();
  };
  const close = () => {
    const menu = $("details.sw-menu[open]");
    if (menu) { menu.open = false; $("summary", menu)?.focus(); return; }
    if (!panel()) return;
    const back = panel().dataset.back;
    $("#sw-panel").replaceChildren();
    if (back) history.replaceState({}, "", back);
    $(".sw-what", focused() || document.createElement("i"))?.focus({ preventScroll: true });
  };
  const act = (name) => {
    if (panel()) { show(name); return; }
    open(focused(), name);
  };
  const take = () => {
    const form = $("#sw-panel form[data-take]");
    if (form) {
      window.htmx?.process(form); // a key may come before htmx has looked at what it swapped in
      form.requestSubmit();
      return;
    }
    const url = focused()?.dataset.take;
    if (url) htmx.ajax("POST", url, { target: "#sw-panel", source: focused() });
  };

  /* Arrow keys in the matrix. */
  const cell = (event) => {
    const td = event.target.closest?.(".sw-matrix tbody td");
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!td || !step) return false;
    const row = td.parentElement, rows = [...row.parentElement.rows];
    const target = rows[rows.indexOf(row) + step[0]]?.cells[td.cellIndex + step[1]];
    if (target?.matches("td:not(.sw-matrix-state)")) {
      const stop = $("a", target) || target;
      if (stop === target) target.tabIndex = -1;
      stop.focus();
      event.preventDefault();
    }
    return true;
  };

  const keysOn = () => localStorage.getItem("sw-keys") !== "off";
  let go = 0;
  const single = {
    j: () => move(1), k: () => move(-1), s: () => act("snooze"), e: () => act("resolve"), a: take,
    "/": () => $("#sw-search")?.focus(), "?": () => $("#sw-keys")?.showModal(), g: () => { go = Date.now(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); $("#sw-search")?.focus(); return; }
    if (event.key === "Escape" && !$("dialog[open]")) { close(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, dialog[open]")) return;
    if (cell(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "ArrowDown" && focused()) { event.preventDefault(); move(1); return; }
    if (key === "ArrowUp" && focused()) { event.preventDefault(); move(-1); return; }
    if (key === "Enter" && event.target === document.body) { open(focused()); return; }
    if (!keysOn()) return;
    if (go && Date.now() - go < 1500 && key !== "g") {
      go = 0;
      const link = $(`.sw-nav [data-go="${CSS.escape(key)}"]`);
      if (link) { location.href = link.href; return; }
    }
    if (single[key]) { event.preventDefault(); single[key](); }
  });

  document.addEventListener("click", (event) => {
    for (const menu of $$("details.sw-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (event.target.closest("[data-close]")) { if (panel()) { event.preventDefault(); close(); } }
    if (event.target.closest("[data-keys]")) $("#sw-keys")?.showModal();
    const line = event.target.closest("#sw-list .sw-line");
    if (line) for (const other of lines()) other.classList.toggle("is-on", other === line);
    const step = event.target.closest("[data-step]");
    if (step) { event.preventDefault(); move(Number(step.dataset.step)); }
  });

  const quiet = (id, wait) => setTimeout(() => id.remove(), wait);
  document.addEventListener("htmx:afterSwap", () => { han(); tick(); follow(); for (const toast of $$(".sw-toast")) quiet(toast, 9000); });
  document.addEventListener("htmx:responseError", (event) => {
    const toast = Object.assign(document.createElement("div"), { className: "sw-toast" });
    toast.textContent = zh ? `操作没有完成（${event.detail.xhr.status}），请重试。` : `Not done (${event.detail.xhr.status}). Please try again.`;
    $("#sw-toasts")?.append(toast);
    quiet(toast, 9000);
  });
  document.addEventListener("DOMContentLoaded", () => {
    han(); tick(); follow(); setInterval(tick, 1000);
    for (const toast of $$(".sw-toast")) quiet(toast, 9000);
    const box = $("#sw-keys-on");
    if (box) { box.checked = keysOn(); box.addEventListener("change", () => localStorage.setItem("sw-keys", box.checked ? "on" : "off")); }
  });
})();
