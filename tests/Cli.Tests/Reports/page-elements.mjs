// Runs the script of a page of costs without a browser, with its orders and executions repeated until there are so
// many, and prints how many elements it has put into each of the page's own.
// Arguments: the page, the number of orders.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const [path, most] = process.argv.slice(2);
const page = readFileSync(path, "utf8");
const parts = /<script type="application\/json" id="data">(.*?)<\/script>\s*<script>(.*)<\/script>/s;
const [, text, script] = page.match(parts);
const data = JSON.parse(text);
data.analysis.orders = repeated(data.analysis.orders);
data.analysis.chart.fills = repeated(data.analysis.chart.fills);

class Element {
  children = [];
  style = {};
  dataset = {};
  textContent = "";
  value = 1;
  max = 1;

  appendChild(child) { this.children.push(child); }
  append(...children) { this.children.push(...children); }
  replaceChildren() { this.children = []; }
  querySelectorAll() { return []; }
  setAttribute() { }
  addEventListener() { }
}

const elements = new Map();
const document = {
  createElement: () => new Element(),
  createElementNS: () => new Element(),
  getElementById(id) {
    if (!elements.has(id)) elements.set(id, new Element());
    return elements.get(id);
  },
};
document.getElementById("data").textContent = JSON.stringify(data);
vm.runInNewContext(script, { document });
console.log(JSON.stringify(Object.fromEntries([...elements].map(([id, element]) => [id, size(element)]))));

function repeated(list) { return Array.from({ length: Number(most) }, (_, i) => list[i % list.length]); }

function size(element) {
  return element.children.reduce((sum, child) => sum + (child.children ? 1 + size(child) : 0), 0);
}
