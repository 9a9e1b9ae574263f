// What the pages share: figures as text, elements, and a plot with its legend and its switch.
const byId = id => document.getElementById(id);
const pageData = () => JSON.parse(byId("data").textContent);
const count = n => n.toLocaleString("en-US");
const words = key => key.replaceAll("_", " ");

function time(ns) {
  if (ns === 0) return "0";
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${+(ns / 1e3).toPrecision(3)} µs`;
  if (ns < 1e9) return `${+(ns / 1e6).toPrecision(3)} ms`;
  return `${+(ns / 1e9).toPrecision(3)} s`;
}

function micros(ns) {
  const us = ns / 1000, digits = us < 100 ? 2 : us < 10000 ? 1 : 0;
  return us.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function node(name, parent, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  parent.appendChild(made);
  return made;
}

function row(table, cells, className) {
  const tr = node("tr", table, undefined, className);
  cells.forEach((cell, i) => node("td", tr, cell, i > 0 ? "n" : ""));
}

// Adds a plot to #id, its legend to #id-legend and what the cursor reads to #id-readout.
function showPlot(id, lines, axis) {
  const plot = linePlot(byId(id), byId(`${id}-readout`), lines, axis, time);
  for (const line of lines) {
    const button = node("button", byId(`${id}-legend`));
    button.type = "button";
    button.setAttribute("aria-pressed", "true");
    node("i", button, undefined, "key").style.background = line.color;
    button.append(line.label);
    button.addEventListener("click", () => button.setAttribute("aria-pressed", plot.toggle(line.name)));
  }
  const card = byId(id).closest(".card");
  onSwitch(card, "scale", scale => plot.setLog(scale === "log"));
  return plot;
}

// Calls back when another button of a switch is pressed; its buttons are told by data-NAME.
function onSwitch(card, name, chosen) {
  const buttons = card.querySelectorAll(`[data-${name}]`);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", other === button);
      chosen(button.dataset[name]);
    });
  }
}

function svg(name, attributes, parent, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (text !== undefined) made.textContent = text;
  parent.appendChild(made);
  return made;
}

function heads(table, titles) {
  const tr = node("tr", table);
  titles.forEach((title, i) => node("th", tr, title, i > 0 ? "n" : undefined));
}

// Round steps over a range that holds 0.
function scaleOf(values) {
  const least = leastOf(values, 0), most = mostOf(values, 0), span = most - least || 1;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= span / 5);
  const from = Math.floor(least / step) * step;
  const to = Math.ceil(most / step) * step || (least < 0 ? 0 : step), ticks = [];
  for (let i = Math.round(from / step); i <= Math.round(to / step); i++) ticks.push(i * step);
  return { from, to, ticks, share: v => (v - from) / (to - from), text: v => String(+v.toPrecision(6)) };
}
