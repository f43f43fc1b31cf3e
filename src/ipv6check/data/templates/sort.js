"use strict";
(() => {
  // Sorting: every heading of a sortable table becomes a button.
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const valueOf = (cell) => {
    if (!cell.classList.contains("num")) return cell.dataset.v ?? cell.textContent.trim();
    const found = "v" in cell.dataset ? parseFloat(cell.dataset.v) : parseInt(cell.textContent.replace(/\D/g, ""), 10);
    return Number.isNaN(found) ? -1 : found;
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
  for (const table of document.querySelectorAll("table.sortable")) {
    table.querySelectorAll("thead th").forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      heading.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const descending = heading.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("thead th").forEach((other) => other.setAttribute("aria-sort", "none"));
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row.cells[column]), row]);
        rows.sort((a, b) => (descending ? compare(b[0], a[0]) : compare(a[0], b[0])));
        table.tBodies[0].append(...rows.map((pair) => pair[1]));
      });
    });
  }
})();
