"use strict";
// Lines over an axis. A line has name, label, color, className, from (where it begins) and points [x, y] ascending in
// x; its height at a place is that of the first point there or to the right. An axis has from, to, cursor, text(x) and
// ticks {at, text, anchor}.
function linePlot(host, readout, lines, axis, describe) {
  const svgNamespace = "http://www.w3.org/2000/svg";
  const left = 62, right = 14, top = 10, bottom = 34;
  const hidden = new Set();
  let isLog = true, cursor = axis.cursor, geometry = null;

  function shown() { return lines.filter(l => !hidden.has(l.name) && l.points.length > 0); }

  function valueAt(line, at) {
    return (line.points.find(p => p[0] >= at - 1e-9) ?? line.points[line.points.length - 1])[1];
  }

  function element(name, attributes, parent) {
    const node = document.createElementNS(svgNamespace, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    parent.appendChild(node);
    return node;
  }

  function label(text, x, y, anchor, parent) {
    element("text", { x, y, "text-anchor": anchor }, parent).textContent = text;
  }

  function scaleOf(drawn) {
    const values = drawn.flatMap(c => c.points.map(p => p[1])).filter(v => v > 0);
    const most = mostOf(values, 1000), least = Math.max(10, leastOf(values, most / 10));
    if (!isLog) {
      const rough = most / 5, power = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough);
      const end = Math.ceil(most / step) * step;
      return { share: v => v / end, ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step) };
    }
    const low = Math.floor(Math.log10(least)), high = Math.ceil(Math.log10(most));
    return {
      share: v => (Math.log10(Math.max(v, 10 ** low)) - low) / Math.max(1, high - low),
      ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    };
  }

  function draw() {
    const width = host.clientWidth, height = host.clientHeight;
    const drawn = shown(), scale = scaleOf(drawn);
    const x = at => left + (at - axis.from) / (axis.to - axis.from) * (width - left - right);
    const y = value => height - bottom - scale.share(value) * (height - top - bottom);
    geometry = { height, x, y };
    host.textContent = "";
    const svg = element("svg", { viewBox: `0 0 ${width} ${height}` }, host);

    for (const tick of scale.ticks) {
      element("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }, svg);
      label(describe(tick), left - 8, y(tick) + 4, "end", svg);
    }
    for (const { at, text, anchor } of axis.ticks) {
      element("line", { class: "grid", x1: x(at), x2: x(at), y1: top, y2: height - bottom }, svg);
      label(text, x(at), height - bottom + 18, anchor ?? "middle", svg);
    }
    element("line", { class: "axis", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }, svg);

    for (const line of [...drawn].reverse()) {
      const corners = [];
      let before = null;
      for (const [at, value] of line.points) {
        const place = x(Math.min(axis.to, at)).toFixed(1), level = y(value).toFixed(1);
        corners.push(`${before === null ? x(line.from ?? at).toFixed(1) : place},${before ?? level}`);
        corners.push(`${place},${level}`);
        before = level;
      }
      element("polyline", { class: `curve ${line.className}`, points: corners.join(" "), stroke: line.color }, svg);
    }
    drawCursor(svg);
  }

  function drawCursor(svg) {
    readout.textContent = "";
    const group = element("g", { class: "cursor" }, svg);
    const at = geometry.x(cursor);
    element("line", { class: "cross", x1: at, x2: at, y1: top, y2: geometry.height - bottom }, group);
    const where = document.createElement("span");
    where.className = "where";
    where.textContent = axis.text(cursor);
    readout.appendChild(where);
    for (const line of shown()) {
      const value = valueAt(line, cursor);
      element("circle", { class: "dot", cx: at, cy: geometry.y(value), r: 4, fill: line.color }, group);
      const item = document.createElement("span"), key = document.createElement("i");
      key.className = "key";
      key.style.background = line.color;
      item.append(key, ` ${line.label} ${describe(value)}`);
      readout.appendChild(item);
    }
  }

  function moveTo(place) {
    cursor = Math.max(axis.from, Math.min(axis.to, place));
    const old = host.querySelector(".cursor");
    if (old) old.remove();
    drawCursor(host.querySelector("svg"));
  }

  host.addEventListener("pointermove", event => {
    const box = host.getBoundingClientRect();
    const share = (event.clientX - box.left - left) / (box.width - left - right);
    moveTo(axis.from + share * (axis.to - axis.from));
  });
  host.addEventListener("pointerleave", () => moveTo(axis.cursor));
  host.addEventListener("keydown", event => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    moveTo(cursor + (event.key === "ArrowRight" ? 1 : -1) * (axis.to - axis.from) / 50);
  });
  new ResizeObserver(draw).observe(host);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
  return {
    setLog(value) { isLog = value; draw(); },
    setLines(value) { lines = value; draw(); },
    toggle(name) { if (!hidden.delete(name)) hidden.add(name); draw(); return !hidden.has(name); },
  };
}

// The least or greatest of any number of values and one more: as arguments of a call, 125,000 would be too many.
function leastOf(values, start) { return values.reduce((a, b) => Math.min(a, b), start); }
function mostOf(values, start) { return values.reduce((a, b) => Math.max(a, b), start); }

function rarity(percentile) { return -Math.log10(1 - percentile / 100); }

// The rarest percentile of a curve short of the last value, which is at 100 %.
function rarestOf(curve) { return mostOf(curve.points.filter(p => p[0] < 100).map(p => rarity(p[0])), 0); }

// Percentiles: x is logarithmic in 1/(1-p), so that each step to the right is ten times rarer.
function percentileAxis(curves) {
  const to = mostOf(curves.map(rarestOf), 1), ticks = [];
  for (let rare = 0; rare <= to + 0.01; rare++) {
    const nines = "9".repeat(Math.max(0, rare - 2));
    const text = rare === 0 ? "0 %" : rare === 1 ? "90 %" : `99${nines ? "." + nines : ""} %`;
    ticks.push({ at: rare, text, anchor: rare === 0 ? "start" : rare > to - 0.2 ? "end" : "middle" });
  }
  ticks.push({ at: Math.log10(2), text: to < 5 ? "50 %" : "" });
  const text = rare => `${(100 * (1 - 10 ** -rare)).toFixed(Math.max(0, Math.ceil(rare) - 1) + 1)} %`;
  return { from: 0, to, ticks, text, cursor: Math.min(2, to) };
}

// A curve ends where one value of its own stands for the rest.
function percentileLines(curves, colorOf) {
  return curves.map(curve => {
    const end = rarestOf(curve) + 0.1;
    return {
      name: curve.name, label: curve.label ?? curve.name.replaceAll("_", " "), color: colorOf(curve),
      className: curve.className ?? curve.name, points: curve.points.map(([p, v]) => [p < 100 ? rarity(p) : end, v]),
    };
  });
}

// Seconds since a log's start.
function timeAxis(to) {
  const steps = [0.001, 0.01, 0.1, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400];
  const step = steps.find(s => to / s <= 10) ?? 86400 * Math.ceil(to / 864000);
  const text = seconds => {
    if (to < 120) return `${+seconds.toFixed(3)} s`;
    const whole = Math.round(seconds), pad = n => String(n).padStart(2, "0");
    return `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  };
  const ticks = [];
  for (let at = 0; at <= to; at += step)
    ticks.push({ at, text: text(at), anchor: at === 0 ? "start" : at > 0.95 * to ? "end" : "middle" });
  return { from: 0, to, ticks, text, cursor: to };
}
