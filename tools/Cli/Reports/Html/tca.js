"use strict";
(() => {
  const { analysis } = pageData();
  const all = analysis.all;
  const colors = {
    delay: "var(--sender)", spread: "var(--transport)", impact: "var(--inference)", timing: "var(--ring)",
    opportunity: "var(--risk)", fees: "var(--platform_hiccup)",
  };
  const lineColors = ["transport", "inference", "ring", "risk", "routing", "context"].map(name => `var(--${name})`);
  const bps = n => n === null || n === undefined ? "–" : n.toFixed(2).replace(/^-0\.00$/, "0.00");
  const money = n => n.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const percent = n => `${(100 * n).toFixed(1)} %`;
  const when = ns => new Date(ns / 1e6).toISOString().slice(0, 19).replace("T", " ");

  function legend(id, entries) {
    for (const [name, color] of entries) {
      const item = node("span", byId(id), undefined, "part");
      node("i", item, undefined, "key").style.background = color;
      item.append(name);
    }
  }

  // A frame with an axis of values upwards and places to the right; draw fills it.
  function frame(id, values, xTicks, draw) {
    const width = 520, height = 260, left = 56, right = 12, top = 10, bottom = 28, scale = scaleOf(values);
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}` }, byId(id));
    const x = share => left + share * (width - left - right);
    const y = value => height - bottom - scale.share(value) * (height - top - bottom);
    for (const tick of scale.ticks) {
      const line = { x1: left, x2: width - right, y1: y(tick), y2: y(tick) };
      svg("line", { class: tick === 0 ? "zero" : "grid", ...line }, picture);
      svg("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, picture, scale.text(tick));
    }
    for (const { at, text, anchor } of xTicks)
      svg("text", { x: x(at), y: height - 8, "text-anchor": anchor ?? "middle" }, picture, text);
    draw(picture, x, y);
  }

  function titled(shape, text) { svg("title", {}, shape, text); }

  function drawParts() {
    const rows = [...analysis.by_strategy, all], names = Object.keys(colors);
    const ends = rows.flatMap(r => [1, -1].map(sign =>
      names.reduce((sum, name) => sum + Math.max(0, sign * r.parts_bps[name]) * sign, 0)));
    const scale = scaleOf(ends), width = 1060, left = 220, line = 34, height = rows.length * line + 30;
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}` }, byId("parts"));
    const x = value => left + scale.share(value) * (width - left - 20);
    for (const tick of scale.ticks) {
      svg("line", { class: tick === 0 ? "zero" : "grid", x1: x(tick), x2: x(tick), y1: 0, y2: height - 24 }, picture);
      svg("text", { x: x(tick), y: height - 6, "text-anchor": "middle" }, picture, scale.text(tick));
    }
    rows.forEach((r, i) => {
      svg("text", { x: left - 12, y: i * line + 21, "text-anchor": "end", class: "name" }, picture, r.key);
      const end = { [1]: 0, [-1]: 0 };
      for (const name of names) {
        const value = r.parts_bps[name], sign = value < 0 ? -1 : 1, from = end[sign];
        end[sign] += value;
        const bar = { x: Math.min(x(from), x(end[sign])), y: i * line + 5, height: line - 12 };
        bar.width = Math.abs(x(end[sign]) - x(from));
        titled(svg("rect", { ...bar, fill: colors[name] }, picture), `${r.key}: ${name} ${bps(value)} bp`);
      }
      const at = x(r.total_bps);
      titled(svg("line", { class: "total", x1: at, x2: at, y1: i * line + 1, y2: i * line + line - 3 }, picture),
        `${r.key}: total ${bps(r.total_bps)} bp`);
    });
    legend("parts-legend", [...names.map(name => [name, colors[name]]), ["total", "var(--ink)"]]);
    heads(byId("part-figures"), ["strategy", ...names, "total", "in currency"]);
    for (const r of rows)
      row(byId("part-figures"), [r.key, ...names.map(name => bps(r.parts_bps[name])), bps(r.total_bps),
        money(r.cost.total)], r === all ? "strong" : undefined);
  }

  function drawDistribution() {
    const costs = analysis.orders.map(o => o.total_bps).sort((a, b) => a - b);
    const low = costs[Math.floor(costs.length * 0.01)], high = costs[Math.ceil(costs.length * 0.99) - 1];
    const bins = 24, from = low, size = (high - low) / bins || 1, counts = new Array(bins).fill(0);
    for (const cost of costs) counts[Math.max(0, Math.min(bins - 1, Math.floor((cost - from) / size)))]++;
    const ticks = [0, 0.5, 1].map(at => (
      { at, text: bps(from + at * size * bins), anchor: at === 0 ? "start" : at === 1 ? "end" : "middle" }));
    frame("distribution", counts, ticks, (picture, x, y) => counts.forEach((n, i) => {
      const bar = { x: x(i / bins) + 1, y: y(n), width: x(1 / bins) - x(0) - 2, height: y(0) - y(n) };
      titled(svg("rect", { ...bar, fill: "var(--transport)" }, picture),
        `${bps(from + i * size)} to ${bps(from + (i + 1) * size)} bp: ${count(n)} orders`);
    }));
  }

  function drawMarks() {
    const seconds = ["1 s", "5 s", "30 s"];
    const lines = analysis.by_strategy.map(s => [s.mark_out1_s_bps, s.mark_out5_s_bps, s.mark_out30_s_bps]);
    const ticks = seconds.map((text, i) => ({ at: 0.1 + 0.4 * i, text }));
    frame("marks", lines.flat().filter(v => v !== null), ticks, (picture, x, y) => lines.forEach((line, i) => {
      const points = line.map((v, k) => [0.1 + 0.4 * k, v]).filter(p => p[1] !== null);
      const color = lineColors[i % lineColors.length];
      svg("polyline", { class: "curve", stroke: color, points: points.map(p => `${x(p[0])},${y(p[1])}`).join(" ") },
        picture);
      for (const [at, v] of points)
        titled(svg("circle", { cx: x(at), cy: y(v), r: 4, fill: color }, picture),
          `${analysis.by_strategy[i].key}: ${bps(v)} bp`);
    }));
    legend("marks-legend", analysis.by_strategy.map((s, i) => [s.key, lineColors[i % lineColors.length]]));
  }

  function drawEstimates() {
    const points = analysis.orders.filter(o => o.arrival_bps !== null);
    const most = mostOf(points.map(o => o.estimate_bps), 0.01);
    const ticks = [0, 0.5, 1].map(at => (
      { at, text: bps(at * most), anchor: at === 0 ? "start" : at === 1 ? "end" : "middle" }));
    frame("estimates", [...points.map(o => o.arrival_bps), most], ticks, (picture, x, y) => {
      svg("line", { class: "diagonal", x1: x(0), y1: y(0), x2: x(1), y2: y(most) }, picture);
      for (const o of points)
        titled(svg("circle", { class: "dot", cx: x(o.estimate_bps / most), cy: y(o.arrival_bps), r: 3 }, picture),
          `order ${o.order_id}, ${o.strategy}: ${bps(o.arrival_bps)} for ${bps(o.estimate_bps)} bp`);
    });
  }

  function drawCourse() {
    let sum = 0;
    const sums = [0, ...analysis.orders.map(o => sum += o.cost.total)], last = sums.length - 1;
    const ticks = [{ at: 0, text: when(analysis.orders[0].decision_time_ns), anchor: "start" },
      { at: 1, text: when(analysis.orders[last - 1].decision_time_ns), anchor: "end" }];
    frame("course", sums, ticks, (picture, x, y) => svg("polyline", { class: "curve", stroke: "var(--ink)",
      points: sums.map((v, i) => `${x(i / last).toFixed(1)},${y(v).toFixed(1)}`).join(" ") }, picture));
  }

  // The profit since the first point, so that the axis is that of what changed.
  function drawEquity() {
    const points = analysis.equity, first = points[0], last = points[points.length - 1];
    const span = last.time_ns - first.time_ns || 1;
    const ticks = [{ at: 0, text: when(first.time_ns), anchor: "start" },
      { at: 1, text: when(last.time_ns), anchor: "end" }];
    const draw = (id, values, color) => frame(id, values, ticks, (picture, x, y) => svg("polyline", { class: "curve",
      stroke: color, points: points.map((p, i) =>
        `${x((p.time_ns - first.time_ns) / span).toFixed(1)},${y(values[i]).toFixed(1)}`).join(" ") }, picture));
    byId("equity-card").hidden = false;
    draw("equity", points.map(p => p.equity - first.equity), "var(--transport)");
    draw("drawdown", points.map(p => -p.drawdown), "var(--risk)");
  }

  // Places to the right are counted in points of the price, so that hours without a quote take no room.
  function drawPrice(part, place) {
    const { prices, fills, trades } = analysis.chart, last = prices.length - 1;
    const shown = Math.max(2, Math.ceil(last / part)), from = Math.round(place * (last - shown)), to = from + shown;
    const at = timeNs => {
      let low = 0, high = last;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (prices[middle].time_ns < timeNs) low = middle + 1; else high = middle;
      }
      return low;
    };
    const span = prices.slice(from, to + 1), width = 1060, height = 400, left = 64, right = 12, top = 10, bottom = 28;
    const near = fills.map(f => ({ ...f, at: at(f.time_ns) })).filter(f => f.at >= from && f.at <= to);
    const lines = trades.map(t => ({ ...t, start: at(t.entry_time_ns), end: at(t.exit_time_ns) }))
      .filter(t => t.end >= from && t.start <= to);
    // A stop or a target is shown where it is no farther from the price than the price has moved.
    const paid = near.map(f => f.price);
    const lowest = leastOf(paid, leastOf(span.map(p => p.low), Infinity));
    const highest = mostOf(paid, mostOf(span.map(p => p.high), -Infinity));
    const levels = lines.flatMap(t => [t.stop, t.target])
      .filter(v => v !== null && v > 2 * lowest - highest && v < 2 * highest - lowest);
    const low = leastOf(levels, lowest), high = mostOf(levels, highest);
    const margin = 0.06 * (high - low) || 1, least = low - margin, most = high + margin;
    const x = index => left + (index - from) / shown * (width - left - right);
    const y = price => height - bottom - (price - least) / (most - least) * (height - top - bottom);
    const inside = price => Math.max(top, Math.min(height - bottom, y(price)));
    byId("price").replaceChildren();
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}` }, byId("price"));
    const power = 10 ** Math.floor(Math.log10((most - least) / 5));
    const step = [1, 2, 2.5, 5, 10].map(f => f * power).find(s => s >= (most - least) / 7);
    for (let tick = Math.ceil(least / step) * step; tick <= most; tick += step) {
      svg("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }, picture);
      svg("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, picture, String(+tick.toPrecision(8)));
    }
    for (let i = 0; i <= 4; i++) {
      const index = Math.round(from + shown * i / 4), anchor = i === 0 ? "start" : i === 4 ? "end" : "middle";
      svg("text", { x: x(index), y: height - 8, "text-anchor": anchor }, picture, when(prices[index].time_ns));
    }
    const edge = key => span.map((p, i) => `${x(from + i).toFixed(1)},${y(p[key]).toFixed(1)}`);
    svg("polygon", { class: "band", points: [...edge("high"), ...edge("low").reverse()].join(" ") }, picture);
    for (const t of lines) {
      const [x1, x2] = [Math.max(left, x(t.start)), Math.min(width - right, x(t.end))];
      for (const [level, color] of [[t.stop, "var(--bad)"], [t.target, "var(--good)"]]) {
        if (level !== null && level > least && level < most)
          svg("line", { class: "bracket", x1, x2, y1: y(level), y2: y(level), stroke: color }, picture);
      }
      const slope = t.end > t.start ? (t.exit_price - t.entry_price) / (t.end - t.start) : 0;
      const price = place => t.entry_price + slope * ((place - left) / (width - left - right) * shown + from - t.start);
      titled(svg("line", { class: "trade", x1, x2, y1: inside(price(x1)), y2: inside(price(x2)),
        stroke: t.net_pnl > 0 ? "var(--good)" : "var(--bad)" }, picture),
        `${t.side} ${t.quantity}: ${t.entry_price} to ${t.exit_price}, ${words(t.exit_reason)}, ${money(t.net_pnl)}`);
    }
    for (const f of near) {
      const up = f.side === "Buy" ? 1 : -1, cx = x(f.at), cy = y(f.price), size = 3.5 + Math.min(4, f.quantity / 3);
      const color = up > 0 ? "var(--routing)" : "var(--inference)";
      const base = cy + up * size, points = `${cx},${cy - up * size} ${cx - size},${base} ${cx + size},${base}`;
      titled(svg("polygon", { points,
        fill: f.is_entry ? color : "var(--card)", stroke: color, "stroke-width": 1.3 }, picture),
        `${when(f.time_ns)}: ${f.side.toLowerCase()} ${f.quantity} at ${f.price}, ${f.is_entry ? "entry" : "exit"}`);
    }
  }

  function showPrice() {
    byId("price-card").hidden = false;
    let part = 5;
    const slider = byId("price-place");
    const draw = () => {
      slider.hidden = part === 1;
      drawPrice(part, slider.value / slider.max);
    };
    slider.addEventListener("input", draw);
    onSwitch(byId("price-card"), "part", chosen => { part = Number(chosen); draw(); });
    legend("price-legend", [["bought", "var(--routing)"], ["sold", "var(--inference)"],
      ["trade won, target", "var(--good)"], ["trade lost, stop", "var(--bad)"]]);
    draw();
  }

  function fillTables() {
    heads(byId("contracts"), ["strategy", "ordered", "withdrawn", "filled", "too dear", "expired", "refused",
      "fill rate"]);
    for (const s of [...analysis.by_strategy, all])
      row(byId("contracts"), [s.key, count(s.ordered), count(s.withdrawn), count(s.executed), count(s.too_dear),
        count(s.expired), count(s.refused), percent(s.fill_rate)], s === all ? "strong" : undefined);
    heads(byId("strategies"), ["strategy", "orders", "contracts", "filled", "mean", "± 95 %", "arrival", "estimate",
      "VWAP", "TWAP", "close", "1 s", "5 s", "30 s", "quality"]);
    for (const s of [...analysis.by_strategy, all])
      row(byId("strategies"), [s.key, count(s.orders), count(s.ordered), percent(s.fill_rate), bps(s.mean_bps),
        bps(s.interval95_bps), bps(s.arrival_bps), bps(s.estimate_bps), bps(s.vwap_bps), bps(s.twap_bps),
        bps(s.close_bps), bps(s.mark_out1_s_bps), bps(s.mark_out5_s_bps), bps(s.mark_out30_s_bps),
        bps(s.quality_score)], s === all ? "strong" : undefined);
    for (const [id, name, groups] of [["venues", "venue", analysis.by_venue], ["hours", "hour", analysis.by_hour]]) {
      heads(byId(id), [name, "orders", "contracts", "spread", "impact", "timing", "fees", "total, bp"]);
      for (const g of groups)
        row(byId(id), [g.key, count(g.orders), count(g.executed), bps(g.parts_bps.spread), bps(g.parts_bps.impact),
          bps(g.parts_bps.timing), bps(g.parts_bps.fees), bps(g.total_bps)]);
    }
    heads(byId("agents"), ["agent", "decisions", "accuracy", "mean score"]);
    for (const a of analysis.agents)
      row(byId("agents"), [words(a.agent), count(a.decisions), percent(a.accuracy), bps(a.reward)]);
    for (const a of analysis.agents) {
      const choices = Object.entries(a.patterns).map(([choice, share]) => `${choice} ${percent(share)}`);
      node("p", byId("patterns"), `Last 50 of ${words(a.agent)}: ${choices.join(", ")}.`, "hint");
    }
    byId("recommendations").textContent = analysis.recommendations.map(r => r.recommendation).join(" ");
    if (analysis.trades) {
      byId("trades-card").hidden = false;
      heads(byId("trades"), ["exit", "trades", "won", "gross", "fees", "net", "factor"]);
      for (const t of [...analysis.trades_by_reason, analysis.trades])
        row(byId("trades"), [words(t.key), count(t.trades), percent(t.win_rate), money(t.gross_pnl), money(t.fees),
          money(t.net_pnl), bps(t.profit_factor)], t === analysis.trades ? "strong" : undefined);
    }
    heads(byId("orders"),
      ["order", "decided", "strategy", "side", "filled", "arrival, bp", "total, bp", "in currency"]);
    for (const o of [...analysis.orders].sort((a, b) => b.cost.total - a.cost.total).slice(0, 20))
      row(byId("orders"), [`${o.instrument} ${o.order_id}`, when(o.decision_time_ns), o.strategy, o.side,
        `${count(o.executed)} of ${count(o.quantity)}`, bps(o.arrival_bps), bps(o.total_bps), money(o.cost.total)]);
  }

  if (analysis.chart && analysis.chart.prices.length > 2)
    showPrice();
  if (analysis.equity.length > 1)
    drawEquity();
  if (!all) {
    byId("subtitle").textContent = "There are no orders to analyse.";
    return;
  }
  byId("subtitle").textContent =
    `${count(all.orders)} orders, ${count(all.fills)} fills, hours of ${analysis.time_zone}; times below are UTC`;
  const headline = [
    [bps(all.total_bps), "cost, basis points"], [money(all.cost.total), "cost, in currency"],
    [percent(all.fill_rate), "filled"], [bps(all.arrival_bps), "against arrival, bp"],
    [bps(all.quality_score), "execution quality, 0 to 1"],
  ];
  for (const [figure, label] of headline) {
    const tile = node("div", byId("headline"), undefined, "tile");
    node("b", tile, figure);
    node("span", tile, label);
  }
  drawParts();
  drawDistribution();
  drawMarks();
  drawEstimates();
  drawCourse();
  fillTables();
})();
