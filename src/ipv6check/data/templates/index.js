(() => {
  const form = document.querySelector("form.filter");
  const name = document.getElementById("f-name"), count = document.getElementById("f-count");
  const rows = [...document.getElementById("agency-table").tBodies[0].rows];
  const plain = (text) => text.toLowerCase().normalize("NFC");
  const apply = () => {
    const wanted = plain(name.value).split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !wanted.every((word) => plain(row.cells[0].textContent).includes(word));
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent = count.dataset.of.replace("{shown}", shown).replace("{total}", rows.length);
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
