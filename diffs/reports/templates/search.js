// The one script of the site: asks the index that Pagefind made, and prints what it finds as text.
const input = document.querySelector("#q");
const found = document.querySelector("#found");
const told = document.querySelector("#told");
const root = new URL(".", import.meta.url);
const engine = import(new URL("pagefind/pagefind.js", root).href);
let turn = 0;

function entry(page) {
  const item = document.createElement("li");
  const head = item.appendChild(document.createElement("h2"));
  const link = head.appendChild(document.createElement("a"));
  link.href = page.url;
  link.textContent = page.meta.title || page.url;
  item.appendChild(document.createElement("p")).textContent = page.plain_excerpt || "";
  return item;
}

async function search() {
  const mine = ++turn;
  const words = input.value.trim();
  if (!words) {
    found.replaceChildren();
    told.textContent = "";
    return;
  }
  try {
    const result = await (await engine).debouncedSearch(words, {}, 200);
    if (!result || mine !== turn) return;
    const pages = await Promise.all(result.results.slice(0, 30).map((one) => one.data()));
    if (mine !== turn) return;
    found.replaceChildren(...pages.map(entry));
    const number = result.results.length;
    told.textContent = number === 1 ? "1 page" : `${number} pages` + (number > 30 ? ", the first 30 of them here" : "");
  } catch {
    told.textContent = "The index cannot be read: search works where the site is served by a web server.";
  }
}

input.addEventListener("input", search);
const asked = new URLSearchParams(location.search).get("q");
if (asked) input.value = asked;
search();
