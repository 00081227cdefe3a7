/* Charts that go live, filters that live in the address, tables that sort. */
(() => {
  "use strict";

  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const selects = all("select[data-filter]");
  const views = new Map();
  let queue = Promise.resolve();
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

  /* A fragment without "=" is a place on the page. */
  function readFragment() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const s of !location.hash || location.hash.includes("=") ? selects : []) {
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
  const compare = (a, b, sign) => (a === null || b === null ? (a === null) - (b === null)
    : sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en-GB")));

  function sortBy(header) {
    const table = header.closest("table");
    const way = header.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
    const keyed = [...table.tBodies[0].rows].map((row) => [sortKey(row.cells[header.cellIndex]), row]);
    keyed.sort((one, other) => compare(one[0], other[0], way === "ascending" ? 1 : -1));
    table.tBodies[0].append(...keyed.map((pair) => pair[1]));
    all("th", table).forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", way);
  }

  for (const header of all(".videos thead th")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: header.textContent });
    button.addEventListener("click", () => sortBy(header));
    header.replaceChildren(button);
    if (header.cellIndex === 0) header.setAttribute("aria-sort", "descending");
  }
  if (selects.length) {
    selects.forEach((s) => s.addEventListener("change", writeFragment));
    window.addEventListener("hashchange", readFragment);
    document.querySelector(".filters").hidden = false;
    readFragment();
  }
  /* One after the other: side by side, the first would stand only when all do. */
  if (document.getElementById("vega") && window.DecompressionStream) {
    const seen = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => {
      seen.unobserve(e.target);
      queue = queue.then(() => goLive(e.target));
    }), { rootMargin: "300px" });
    all(".chart[data-spec]").forEach((chart) => seen.observe(chart));
  }
})();
