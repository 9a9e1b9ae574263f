"use strict";
// The percentile plot: x is logarithmic in 1/(1-p), so that each step to the right is ten times rarer.
function percentilePlot(host, readout, curves, describe) {
  const svgNamespace = "http://www.w3.org/2000/svg";
  const left = 62, right = 14, top = 10, bottom = 34;
  const hidden = new Set();
  let isLog = true, cursor = null, geometry = null;

  function rarity(percentile) { return -Math.log10(1 - percentile / 100); }

  // Where the curve with the most events ends.
  const rarest = Math.max(1, ...curves.flatMap(c => c.points.filter(p => p[0] < 100).map(p => rarity(p[0]))));

  function shown() { return curves.filter(c => !hidden.has(c.name) && c.points.length > 0); }

  function valueAt(curve, rare) {
    for (const [percentile, value] of curve.points)
      if (percentile >= 100 || rarity(percentile) >= rare - 1e-9) return value;
    return curve.points[curve.points.length - 1][1];
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

  function scaleOf(lines) {
    const values = lines.flatMap(c => c.points.map(p => p[1])).filter(v => v > 0);
    const most = Math.max(1000, ...values), least = Math.max(10, Math.min(...values, most / 10));
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
    const lines = shown(), scale = scaleOf(lines);
    const x = rare => left + rare / rarest * (width - left - right);
    const y = value => height - bottom - scale.share(value) * (height - top - bottom);
    geometry = { width, height, x, y };
    host.textContent = "";
    const svg = element("svg", { viewBox: `0 0 ${width} ${height}` }, host);

    for (const tick of scale.ticks) {
      element("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }, svg);
      label(describe(tick), left - 8, y(tick) + 4, "end", svg);
    }
    for (let rare = 0; rare <= rarest + 0.01; rare++) {
      element("line", { class: "grid", x1: x(rare), x2: x(rare), y1: top, y2: height - bottom }, svg);
      const nines = "9".repeat(Math.max(0, rare - 2));
      const text = rare === 0 ? "0 %" : rare === 1 ? "90 %" : `99${nines ? "." + nines : ""} %`;
      label(text, x(rare), height - bottom + 18, rare === 0 ? "start" : rare > rarest - 0.2 ? "end" : "middle", svg);
    }
    const half = x(-Math.log10(0.5));
    element("line", { class: "grid", x1: half, x2: half, y1: top, y2: height - bottom }, svg);
    if (half - left > 50) label("50 %", half, height - bottom + 18, "middle", svg);
    element("line", { class: "axis", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }, svg);

    for (const curve of [...lines].reverse()) {
      // A curve ends where one event of its own stands for the rest.
      const points = [], own = Math.max(0, ...curve.points.filter(p => p[0] < 100).map(p => rarity(p[0])));
      let height = null;
      for (const [percentile, value] of curve.points) {
        const rare = Math.min(rarest, percentile >= 100 ? own + 0.1 : rarity(percentile));
        if (height !== null) points.push(`${x(rare).toFixed(1)},${height}`);
        height = y(value).toFixed(1);
        points.push(`${x(rare).toFixed(1)},${height}`);
      }
      element("polyline", {
        class: `curve ${curve.name}`, points: points.join(" "), stroke: `var(--${curve.name})`,
      }, svg);
    }
    drawCursor(svg);
  }

  function drawCursor(svg) {
    readout.textContent = "";
    if (cursor === null) return;
    const group = element("g", { class: "cursor" }, svg);
    const at = geometry.x(cursor);
    element("line", { class: "cross", x1: at, x2: at, y1: top, y2: geometry.height - bottom }, group);
    const percentile = 100 * (1 - 10 ** -cursor);
    const where = document.createElement("span");
    where.className = "where";
    where.textContent = `${percentile.toFixed(Math.max(0, Math.ceil(cursor) - 1) + 1)} %`;
    readout.appendChild(where);
    for (const curve of shown()) {
      const value = valueAt(curve, cursor);
      element("circle", {
        class: "dot", cx: at, cy: geometry.y(value), r: 4, fill: `var(--${curve.name})`,
      }, group);
      const item = document.createElement("span"), key = document.createElement("i");
      key.className = "key";
      key.style.background = `var(--${curve.name})`;
      item.append(key, ` ${curve.name.replaceAll("_", " ")} ${describe(value)}`);
      readout.appendChild(item);
    }
  }

  function moveTo(rare) {
    cursor = Math.max(0, Math.min(rarest, rare));
    const old = host.querySelector(".cursor");
    if (old) old.remove();
    drawCursor(host.querySelector("svg"));
  }

  host.addEventListener("pointermove", event => {
    const box = host.getBoundingClientRect();
    moveTo((event.clientX - box.left - left) / (box.width - left - right) * rarest);
  });
  host.addEventListener("pointerleave", () => moveTo(2));
  host.addEventListener("keydown", event => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    moveTo((cursor ?? 2) + (event.key === "ArrowRight" ? 0.1 : -0.1));
  });
  new ResizeObserver(draw).observe(host);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  cursor = Math.min(2, rarest);
  draw();
  return {
    setLog(value) { isLog = value; draw(); },
    toggle(name) { if (!hidden.delete(name)) hidden.add(name); draw(); return !hidden.has(name); },
  };
}
