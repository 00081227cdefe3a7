/* What a person takes along: a message, the numbers of a table, a chart for slides. */
(() => {
  "use strict";

  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

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

  function inLines(pen, text, width) {
    return text.split(" ").reduce((lines, word) => {
      const longer = `${lines.at(-1)} ${word}`.trim();
      return pen.measureText(longer).width <= width ? [...lines.slice(0, -1), longer] : [...lines, word];
    }, [""]);
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
    const pen = document.createElement("canvas").getContext("2d");
    const texts = [["h3", "bold 20px", 28], [".subtitle", "15px", 21], [".source", "14px", 20]].flatMap(([at, size, step]) => {
      pen.font = `${size} Arial, sans-serif`;
      return inLines(pen, figure.querySelector(at)?.textContent || "", width - 32).map((line) => ({ at, font: pen.font, step, line }));
    });
    pen.canvas.width = 2 * width;
    pen.canvas.height = 2 * (height + 56 + texts.reduce((sum, text) => sum + text.step, 0));
    pen.scale(2, 2);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, pen.canvas.height);
    let y = 16;
    const draw = ({ at, font, step, line }) => {
      Object.assign(pen, { font, fillStyle: at === "h3" ? "#212b32" : "#4c6272", textBaseline: "top" });
      pen.fillText(line, 16, y);
      y += step;
    };
    texts.filter((text) => text.at !== ".source").forEach(draw);
    pen.drawImage(image, 0, y + 8, width, height);
    y += height + 16;
    texts.filter((text) => text.at === ".source").forEach(draw);
    pen.canvas.toBlob((content) => save(content, `${button.dataset.name}.png`));
  }

  const acts = { copy, csv: saveCsv, image: saveImage };
  for (const button of all("button[data-copy], button[data-csv], button[data-image]")) {
    button.hidden = false;
    button.addEventListener("click", () => acts[Object.keys(acts).find((name) => name in button.dataset)](button));
  }
})();
