"use strict";
// Every page: the date that is set for everything, and the search of the first page.
(() => {
  const input = document.getElementById("on");
  const always = document.getElementById("always");
  const shown = document.getElementById("shown");
  const find = document.getElementById("find");
  const links = [...document.querySelectorAll("a[href]")]
    .map((link) => ({ link, href: link.getAttribute("href") }))
    .filter(({ href }) => !href.startsWith("#"));
  const dated = [...document.querySelectorAll("[data-from]")];
  const listed = [...document.querySelectorAll("li[data-times]")];
  const charts = [...document.querySelectorAll("svg.chart")];

  /** The date that is set, or nothing for all dates. */
  const chosen = () => (/^\d{4}-\d\d-\d\d$/.test(input.value) && input.validity.valid ? input.value : "");

  const inForce = (item, on) =>
    item.dataset.times
      .trim()
      .split(" ")
      .filter(Boolean)
      .map((time) => time.split("/"))
      .some(([first, last]) => first <= on && on <= last);

  const list = (on) => {
    const words = (find?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of listed) {
      const text = item.textContent.toLowerCase();
      const old = on && item.dataset.times.trim() && !inForce(item, on);
      item.hidden = old || !words.every((word) => text.includes(word));
      count += item.hidden ? 0 : 1;
    }
    for (const group of document.querySelectorAll(".contents, .contents details")) {
      const left = [...group.querySelectorAll("li")].some((item) => !item.hidden);
      group.hidden = !left;
      if (group.localName === "details" && words.length && left) group.open = true;
    }
    if (find) document.getElementById("found").textContent = words.length ? `找到 ${count} 项` : "";
  };

  const mark = (chart, on) => {
    const line = chart.querySelector(".mark");
    const { first, last } = chart.dataset;
    const inside = on && first <= on && on <= last;
    line.setAttribute("visibility", inside ? "visible" : "hidden");
    if (!inside) return;
    const share = (Date.parse(on) - Date.parse(first)) / Math.max(1, Date.parse(last) - Date.parse(first));
    line.setAttribute("transform", `translate(${8 + (chart.viewBox.baseVal.width - 16) * share} 0)`);
  };

  const apply = () => {
    const on = chosen();
    for (const part of dated) part.hidden = on !== "" && !(part.dataset.from <= on && on <= part.dataset.to);
    for (const { link, href } of links) {
      const [path, part] = href.split("#");
      link.setAttribute("href", path + (on ? `?on=${on}` : "") + (part ? `#${part}` : ""));
    }
    for (const chart of charts) mark(chart, on);
    const versions = [...document.querySelectorAll(".version")];
    const none = document.getElementById("none");
    if (none) none.hidden = versions.length === 0 || versions.some((one) => !one.hidden);
    shown.textContent = on ? `按 ${on} 显示` : "";
    list(on);
    document.dispatchEvent(new CustomEvent("date", { detail: on }));
  };

  input.addEventListener("input", () => {
    if (input.value !== "" && !chosen()) return;
    const on = chosen();
    try {
      history.replaceState(null, "", location.pathname + (on ? `?on=${on}` : "") + location.hash);
    } catch {
      // a browser that does not allow it of files still shows the date
    }
    apply();
  });
  always.addEventListener("click", () => {
    input.value = "";
    input.dispatchEvent(new Event("input"));
  });
  find?.addEventListener("input", () => list(chosen()));
  input.value = new URLSearchParams(location.search).get("on") ?? "";
  apply();
})();
