(() => {
  "use strict";

  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const selects = all("select[data-filter]");
  const views = new Map();
  let vega;
  const refuse = () => Promise.reject(new Error("this page loads nothing"));
  const options = {
    renderer: "svg", actions: false, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true },
    loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse },
  };

  /* Vega is packed, at a third of its size; the policy knows the hash of what comes out. */
  async function unpackVega() {
    const packed = Uint8Array.from(atob(document.getElementById("vega").textContent), (c) => c.charCodeAt(0));
    const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(bytes).text();
    document.body.append(script);
  }

  /* The drawn chart stays until the live one stands; if that fails, it stays for good. */
  async function goLive(chart) {
    const spec = JSON.parse(document.getElementById(chart.dataset.spec).textContent);
    try {
      await (vega ||= unpackVega());
      chart.classList.add("is-live");
      const { view } = await window.vegaEmbed(chart.querySelector(".live"), spec, options);
      views.set(view, (spec.params || []).map((param) => param.name));
      filterChart(view);
    } catch (error) {
      chart.classList.remove("is-live");
      chart.querySelector(".live").replaceChildren();
    }
  }

  function filterChart(view) {
    const driving = selects.filter((s) => views.get(view).includes(s.dataset.filter));
    driving.forEach((s) => view.signal(s.dataset.filter, s.value));
    if (driving.length) view.runAsync();
  }

  /* A filter leaves out what says of itself that it is of another platform, creator, topic or period. */
  function filterParts() {
    const isOut = (part) => selects.some((s) => s.value && ![undefined, s.value].includes(part.dataset[s.dataset.filter]));
    all(selects.map((s) => `main [data-${s.dataset.filter}]`).join()).forEach((part) => { part.hidden = isOut(part); });
    const isFiltered = document.body.classList.toggle("is-filtered", selects.some((s) => s.value));
    const rows = all(".videos tbody tr");
    const shown = rows.filter((row) => !row.hidden).length;
    document.querySelector(".filters [role=status]").textContent = isFiltered ? `${shown} of ${rows.length} videos shown` : "";
    [...views.keys()].forEach(filterChart);
  }

  /* The fragment holds the filters, so that a link to what is shown can be sent. */
  function writeFragment() {
    const chosen = new URLSearchParams(selects.filter((s) => s.value).map((s) => [s.dataset.filter, s.value]));
    history.replaceState(null, "", `#${chosen}`);
    filterParts();
  }

  function readFragment() {
    const wanted = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    for (const s of selects) {
      s.value = wanted.get(s.dataset.filter) || "";
      if (s.selectedIndex < 0) s.value = "";
    }
    filterParts();
  }

  function sortKey(cell) {
    const value = cell.querySelector("[data-metric]")?.dataset.value;
    const text = cell.dataset.sort || (value ?? cell.textContent.trim());
    if (value === "" || text === "") return null;
    return value === undefined ? text : Number(text);
  }

  /* What is not known stands last, whichever way the column is sorted. */
  function compare(a, b, sign) {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en-GB"));
  }

  function sortBy(table, header) {
    const way = header.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
    const keyed = [...table.tBodies[0].rows].map((row) => [sortKey(row.cells[header.cellIndex]), row]);
    keyed.sort((one, other) => compare(one[0], other[0], way === "ascending" ? 1 : -1));
    table.tBodies[0].append(...keyed.map((pair) => pair[1]));
    all("th", table).forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", way);
  }

  function watchHeaders(table) {
    for (const header of all("thead th", table)) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: header.textContent });
      button.addEventListener("click", () => sortBy(table, header));
      header.replaceChildren(button);
    }
    table.querySelector("thead th").setAttribute("aria-sort", "descending");
  }

  /* Without permission for the clipboard the message is selected instead, for Ctrl+C. */
  async function copy(button) {
    const text = document.getElementById(button.dataset.copy);
    const said = button.parentNode.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "Copied.";
    } catch (error) {
      text.closest("details").open = true;
      getSelection().selectAllChildren(text);
      said.textContent = "Selected: press Ctrl+C to copy.";
    }
  }

  function save(content, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(content), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  /* Exact values, not the short ones shown; text that a spreadsheet would take for a formula is quoted. */
  function saveCsv(button) {
    const text = (cell) => {
      const value = cell.querySelector("[data-metric]")?.dataset.value ?? cell.textContent.trim().replace(/^[=+\-@\t]/, "'$&");
      return `"${value.replaceAll('"', '""')}"`;
    };
    const rows = all("tr", document.getElementById(button.dataset.csv)).filter((row) => !row.hidden);
    const lines = rows.map((row) => [...row.cells].map(text).join());
    save(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" }), `${button.dataset.name}.csv`);
  }

  /* The chart with its title and source, twice as large: a picture on a slide stands alone. */
  async function saveImage(button) {
    const figure = button.closest("figure");
    const isFiltered = document.body.matches(".is-filtered") && figure.querySelector(".driven.is-live");
    const drawn = figure.querySelector(isFiltered ? ".live svg" : ".wide svg");
    const { width, height } = drawn.viewBox.baseVal;
    const image = new Image(width, height);
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const parts = [["h3", "bold 20px", 28], [".subtitle", "15px", 21], [".source", "14px", 20]].map(([at, size, step]) => {
      pen.font = `${size} Arial, sans-serif`;
      const lines = [""];
      for (const word of (figure.querySelector(at)?.textContent || "").split(" ")) {
        const longer = `${lines.at(-1)} ${word}`.trim();
        if (pen.measureText(longer).width <= width - 32) lines[lines.length - 1] = longer;
        else lines.push(word);
      }
      return { font: pen.font, step, lines };
    });
    canvas.width = 2 * width;
    canvas.height = 2 * (height + 56 + parts.reduce((sum, part) => sum + part.step * part.lines.length, 0));
    pen.scale(2, 2);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    let y = 16;
    for (const [number, part] of parts.entries()) {
      if (number === 2) { pen.drawImage(image, 0, y + 8, width, height); y += height + 16; }
      Object.assign(pen, { font: part.font, fillStyle: number ? "#4c6272" : "#212b32", textBaseline: "top" });
      for (const line of part.lines) { pen.fillText(line, 16, y); y += part.step; }
    }
    canvas.toBlob((content) => save(content, `${button.dataset.name}.png`));
  }

  for (const [name, act] of [["copy", copy], ["csv", saveCsv], ["image", saveImage]]) {
    for (const button of all(`button[data-${name}]`)) {
      button.hidden = false;
      button.addEventListener("click", () => act(button));
    }
  }
  all(".videos table").forEach(watchHeaders);
  if (selects.length) {
    selects.forEach((s) => s.addEventListener("change", writeFragment));
    window.addEventListener("hashchange", readFragment);
    document.querySelector(".filters").hidden = false;
    readFragment();
  }
  if (document.getElementById("vega") && window.DecompressionStream) {
    const seen = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => {
      seen.unobserve(e.target);
      goLive(e.target);
    }), { rootMargin: "300px" });
    all(".chart[data-spec]").forEach((chart) => seen.observe(chart));
  }
})();
