// Narrows the list of policies while you type, and says how many are left.
for (const form of document.querySelectorAll("form[data-filter]")) {
  const rows = [...document.querySelectorAll(`${form.dataset.filter} > li`)];
  const count = form.querySelector("[data-count]");
  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();
  const narrow = () => {
    const words = plain(form.querySelector("input").value).split(" ").filter(Boolean);
    let left = 0;
    for (const row of rows) {
      const text = plain(row.dataset.words);
      row.hidden = !words.every((word) => text.includes(word));
      left += row.hidden ? 0 : 1;
    }
    count.textContent = words.length ? `${left} of ${rows.length} policies` : "";
  };
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
}
