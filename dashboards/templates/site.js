(() => {
  "use strict";

  const refuse = () => Promise.reject(new Error("this page loads nothing"));
  const options = {
    renderer: "svg",
    actions: false,
    ast: true,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse },
    formatLocale: { decimal: ".", thousands: ",", grouping: [3], currency: ["£", ""] },
    timeFormatLocale: {
      dateTime: "%a %e %b %X %Y",
      date: "%d/%m/%Y",
      time: "%H:%M:%S",
      periods: ["am", "pm"],
      days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
      shortDays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
      months: ["January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December"],
      shortMonths: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    },
  };

  /* The drawn chart stays until the live one stands; if that fails, it stays for good. */
  async function goLive(chart) {
    const spec = JSON.parse(document.getElementById(chart.dataset.spec).textContent);
    const place = chart.querySelector(".live");
    chart.classList.add("is-live");
    try {
      await window.vegaEmbed(place, spec, options);
    } catch (error) {
      chart.classList.remove("is-live");
      place.replaceChildren();
    }
  }

  function watchCharts() {
    const charts = document.querySelectorAll(".chart[data-spec]");
    if (!charts.length || !window.vegaEmbed || !window.IntersectionObserver) return;
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((e) => e.isIntersecting)) {
        seen.unobserve(entry.target);
        goLive(entry.target);
      }
    }, { rootMargin: "300px" });
    charts.forEach((chart) => seen.observe(chart));
  }

  /* The fragment holds the filters, so that a link to what is shown can be sent. */
  function readFragment() {
    return new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  }

  function writeFragment(selects) {
    const chosen = new URLSearchParams();
    selects.filter((s) => s.value).forEach((s) => chosen.set(s.dataset.filter, s.value));
    history.replaceState(null, "", `#${chosen.toString() || "videos"}`);
  }

  function filterRows(block, selects) {
    const rows = [...block.querySelectorAll("tbody tr")];
    rows.forEach((row) => {
      row.hidden = selects.some((s) => s.value && row.dataset[s.dataset.filter] !== s.value);
    });
    const status = block.querySelector("[role=status]");
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = `${shown} of ${rows.length} ${status.dataset.things} shown`;
  }

  function watchFilters(block) {
    const controls = block.querySelector(".filters");
    if (!controls) return;
    const selects = [...controls.querySelectorAll("select")];
    const apply = () => {
      const wanted = readFragment();
      selects.forEach((s) => {
        const value = wanted.get(s.dataset.filter) || "";
        s.value = [...s.options].some((o) => o.value === value) ? value : "";
      });
      filterRows(block, selects);
    };
    controls.addEventListener("change", () => {
      writeFragment(selects);
      filterRows(block, selects);
    });
    window.addEventListener("hashchange", apply);
    controls.hidden = false;
    apply();
  }

  function sortKey(cell) {
    const figure = cell.querySelector("[data-metric]");
    if (figure) return figure.dataset.value === "" ? null : Number(figure.dataset.value);
    const text = cell.dataset.sort || cell.textContent.trim();
    return text === "" ? null : text;
  }

  /* What is not known stands last, whichever way the column is sorted. */
  function compare(a, b, sign) {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en-GB"));
  }

  function sortBy(table, header) {
    const way = header.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
    const at = [...header.parentNode.children].indexOf(header);
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => [sortKey(row.cells[at]), row]);
    keyed.sort((one, other) => compare(one[0], other[0], way === "ascending" ? 1 : -1));
    body.append(...keyed.map((pair) => pair[1]));
    table.querySelectorAll("th").forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", way);
  }

  function watchHeaders(table) {
    table.querySelectorAll("thead th").forEach((header) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = header.textContent;
      button.addEventListener("click", () => sortBy(table, header));
      header.replaceChildren(button);
    });
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
      getSelection().selectAllChildren(text);
      said.textContent = "Selected: press Ctrl+C to copy.";
    }
  }

  function watchCopying() {
    document.querySelectorAll("button[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => copy(button));
    });
  }

  document.querySelectorAll(".videos").forEach((block) => {
    watchFilters(block);
    block.querySelectorAll("table").forEach(watchHeaders);
  });
  watchCopying();
  watchCharts();
})();
