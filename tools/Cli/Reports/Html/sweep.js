"use strict";
(() => {
  const { sweep } = pageData();
  const fixed = (n, digits) => n.toFixed(digits).replace(/^-(0\.?0*)$/, "$1");
  const percent = (n, digits) => `${fixed(100 * n, digits)} %`;
  const interval = (value, digits, factor = 1) => value === null ? "–" : fixed(factor * value.mean, digits)
    + (value.half_width95 === null ? "" : ` ± ${fixed(factor * value.half_width95, digits)}`);

  function drawCosts() {
    const rows = sweep.variants.map(v => ({ name: v.variant, mean: v.cost_bps.mean, half: v.cost_bps.half_width95 ?? 0,
      runs: sweep.runs.filter(r => r.variant === v.variant).map(r => r.cost_bps) }));
    const scale = scaleOf(rows.flatMap(r => [...r.runs, r.mean - r.half, r.mean + r.half]));
    const width = 1060, left = 290, line = 38, height = rows.length * line + 30;
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}` }, byId("costs"));
    const x = value => left + scale.share(value) * (width - left - 20);
    for (const tick of scale.ticks) {
      svg("line", { class: tick === 0 ? "zero" : "grid", x1: x(tick), x2: x(tick), y1: 0, y2: height - 24 }, picture);
      svg("text", { x: x(tick), y: height - 6, "text-anchor": "middle" }, picture, scale.text(tick));
    }
    rows.forEach((r, i) => {
      const y = i * line + 18;
      svg("text", { x: left - 14, y: y + 4, "text-anchor": "end", class: "name" }, picture, r.name);
      for (const cost of r.runs)
        svg("circle", { class: "dot", cx: x(cost), cy: y, r: 3, "fill-opacity": 0.3 }, picture);
      svg("line", { class: "total", x1: x(r.mean - r.half), x2: x(r.mean + r.half), y1: y, y2: y }, picture);
      const mean = svg("circle", { cx: x(r.mean), cy: y, r: 5.5, fill: "var(--ink)" }, picture);
      svg("title", {}, mean, `${r.name}: ${fixed(r.mean, 3)} ± ${fixed(r.half, 3)} bp`);
    });
  }

  function fillTables() {
    heads(byId("variants"), ["variant", "orders", "contracts", "filled", "cost", "with fees", "saved, %", "profit"]);
    for (const v of sweep.variants)
      row(byId("variants"), [v.variant, count(v.orders), count(v.ordered), percent(v.fill_rate, 2),
        interval(v.cost_bps, 3), interval(v.total_bps, 3), interval(v.saved, 1, 100), interval(v.net_pnl, 0)]);
    heads(byId("runs"), ["variant", "seed", "orders", "contracts", "withdrawn", "filled", "cost, bp", "profit"]);
    for (const r of sweep.runs)
      row(byId("runs"), [r.variant, String(r.seed), count(r.orders), count(r.ordered), count(r.withdrawn),
        percent(r.fill_rate, 1), fixed(r.cost_bps, 3), fixed(r.net_pnl, 2)]);
  }

  byId("subtitle").textContent = [`${sweep.venue === "orders" ? "recorded orders" : "best bid and offer"}`,
    `${count(sweep.signals)} signals a run`, `${count(sweep.seeds)} seeds`, ...sweep.fixed,
    ...(sweep.problem ? [`played up to where the data are damaged: ${sweep.problem}`] : [])].join(", ");
  drawCosts();
  fillTables();
})();
