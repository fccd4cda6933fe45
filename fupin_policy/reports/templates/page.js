"use strict";
(() => {
  const tools = document.getElementById("find");
  const search = tools.querySelector("input");
  const tables = [...document.querySelectorAll("table.sorts")].map((table) => ({
    table,
    rows: [...table.tBodies[0].rows],
    count: table.parentNode.querySelector(".count"),
    chosen: [],
  }));
  const said = document.body.dataset;

  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let anywhere = 0;
    for (const { rows, count, chosen } of tables) {
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const fits = words.every((word) => text.includes(word)) && chosen.every((select) => fit(row, select));
        row.hidden = !fits;
        shown += fits;
      }
      anywhere += shown;
      count.hidden = shown === rows.length;
      count.textContent = said.shown.replace("{}", shown).replace("{}", rows.length);
    }
    tools.querySelector("output").textContent = words.length ? said.found.replace("{}", anywhere) : "";
  };

  const fit = (row, select) => {
    const has = row.dataset[select.dataset.by] || "";
    return !select.value || has.split("\t").includes(select.value);
  };

  const sort = (one, head, at) => {
    const before = head.getAttribute("aria-sort");
    const first = head.classList.contains("word") ? "ascending" : "descending";
    const second = first === "ascending" ? "descending" : "ascending";
    const way = before === first ? second : before === second ? null : first;
    for (const other of one.table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    const key = (row) => row.cells[at].dataset.sort ?? row.cells[at].textContent.trim();
    const compare = head.classList.contains("word")
      ? (a, b) => key(a).localeCompare(key(b), document.documentElement.lang)
      : (a, b) => Number(key(a)) - Number(key(b));
    const order = [...one.rows];
    if (way) {
      head.setAttribute("aria-sort", way);
      order.sort((a, b) => (way === "ascending" ? compare(a, b) : compare(b, a)));
    }
    one.table.tBodies[0].append(...order);
  };

  const choose = (one, by, label, values) => {
    const select = document.createElement("select");
    select.dataset.by = by;
    for (const [value, text] of [["", said.all], ...values]) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = text;
      select.append(option);
    }
    select.addEventListener("change", show);
    const whole = document.createElement("label");
    whole.append(label, select);
    one.table.parentNode.querySelector(".tools").append(whole);
    one.chosen.push(select);
  };

  for (const one of tables) {
    const { by, flags } = one.table.dataset;
    if (by) {
      const values = new Set(one.rows.flatMap((row) => (row.dataset.group || "").split("\t")).filter(Boolean));
      if (values.size > 1) choose(one, "group", by, [...values].map((value) => [value, value]));
    }
    if (flags) {
      const known = { open: said.open, provisional: said.provisional, gain: said.gain, loss: said.loss };
      const values = flags.split(" ").filter((flag) => one.rows.some((row) => row.dataset.flags.split("\t").includes(flag)));
      if (values.length) choose(one, "flags", said.only, values.map((flag) => [flag, known[flag]]));
    }
    [...one.table.tHead.rows[0].cells].forEach((head, at) => {
      if (head.classList.contains("plain")) return;
      // no <button>: a printer leaves those of a repeated header out
      const button = document.createElement("span");
      button.setAttribute("role", "button");
      button.tabIndex = 0;
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(one, head, at));
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        sort(one, head, at);
      });
      head.append(button);
    });
  }
  search.addEventListener("input", show);
  tools.hidden = false;
})();
