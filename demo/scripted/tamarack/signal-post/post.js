// Builds the table of a page from the rows of its language, as a documentation site made by scripts does.
const lang = document.documentElement.lang;

function cells(row, name) {
  const line = document.createElement("tr");
  for (const text of row) {
    line.append(Object.assign(document.createElement(name), { textContent: text }));
  }
  return line;
}

async function build() {
  const answer = await fetch(`../errors.${lang}.json`);
  const { header, rows } = await answer.json();
  const table = document.createElement("table");
  const head = table.createTHead();
  head.append(cells(header, "th"));
  const body = table.createTBody();
  body.append(...rows.map((row) => cells(row, "td")));
  document.querySelector("main").replaceChildren(document.querySelector("h1"), table);
}

build();
