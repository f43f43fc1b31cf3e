"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const plain = (text) => text.toLowerCase().normalize("NFC");

  // Filtering: assets by all four fields, findings by agency, class and text.
  const form = document.querySelector("form.filter");
  if (!form) return;
  form.hidden = false;
  const text = byId("f-text"), agency = byId("f-agency"), kind = byId("f-class"), ready = byId("f-ready");
  const count = byId("f-count");
  const assets = [...byId("asset-table").tBodies[0].rows].map((row) => [row, plain(row.textContent)]);
  const findings = [...document.querySelectorAll("article.cause tr[data-a]")].map((row) => [row, plain(row.textContent)]);
  const causes = [...document.querySelectorAll("article.cause")];
  const fits = (row, content, wanted) =>
    (!agency.value || row.dataset.a.includes(` ${agency.value} `)) &&
    (!kind.value || row.dataset.c === kind.value) &&
    wanted.every((word) => content.includes(word));
  const apply = () => {
    const wanted = plain(text.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, content] of assets) {
      row.hidden = !(fits(row, content, wanted) && (!ready.value || row.dataset.r === ready.value));
      shown += row.hidden ? 0 : 1;
    }
    for (const [row, content] of findings) row.hidden = !fits(row, content, wanted);
    for (const cause of causes) {
      for (const body of cause.querySelectorAll("tbody")) body.hidden = !body.querySelector("tr[data-a]:not([hidden])");
      cause.hidden = !cause.querySelector("tbody:not([hidden])");
    }
    count.textContent = count.dataset.of.replace("{shown}", shown).replace("{total}", assets.length);
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault(); // the browser empties the fields only after this, and the lists would lag behind
    for (const field of [text, agency, kind, ready]) field.value = "";
    apply();
  });
  document.addEventListener("click", (event) => {
    const drill = event.target.closest("a[data-agency]");
    if (!drill) return;
    form.reset();
    agency.value = drill.dataset.agency;
    apply();
    agency.focus({ preventScroll: true });
  });
  apply();
})();
