"use strict";
(() => {
  const { sweep } = pageData();
  const points = [...sweep.points].sort((a, b) => a.rate_eps - b.rate_eps);
  byId("subtitle").textContent = [
    sweep.sustained_eps === null ? "no rate is sustained" : `sustained: ${count(sweep.sustained_eps)} signals a second`,
    `nothing lost, p99 at most ${count(sweep.p99_max_us)} µs`, `${sweep.seconds_per_rate} s a rate`, sweep.machine,
    sweep.runtime,
  ].join(" · ");

  // Rates are powers of ten apart; of two runs at a rate the last one counts, as it does in the search.
  const measured = [...new Map(points.filter(p => p.latency_ns).map(p => [p.rate_eps, p])).values()];
  const at = point => Math.log10(point.rate_eps);
  const figures = [["p50", "end_to_end"], ["p99", "inference"], ["p99_9", "transport"], ["max", "risk"]];
  if (measured.length > 1) {
    const lines = figures.map(([name, color]) => ({
      name, label: name.replace("_", "."), color: `var(--${color})`, className: name,
      points: measured.map(point => [at(point), point.latency_ns[name]]),
    }));
    const [from, to] = [at(measured[0]), at(measured[measured.length - 1])];
    const ticks = [];
    for (let power = Math.floor(from); power <= Math.ceil(to); power++) {
      for (const digit of [1, 2, 5]) {
        const place = power + Math.log10(digit);
        if (place >= from - 1e-9 && place <= to + 1e-9) ticks.push({ at: place, text: count(digit * 10 ** power) });
      }
    }
    showPlot("rates", lines, { from, to, ticks, text: place => `${count(Math.round(10 ** place))}/s`, cursor: to });
  }

  heads(byId("runs"), ["signals a second", "through", "orders", "lost", "p50", "p99", "p99.9", "max", ""]);
  for (const p of points) {
    const latencies = figures.map(([name]) => p.latency_ns ? micros(p.latency_ns[name]) : "–");
    row(byId("runs"), [
      count(p.rate_eps), count(Math.round(p.throughput_eps)), `${Math.round(100 * p.order_share)} %`,
      p.events_lost === null ? "–" : count(p.events_lost), ...latencies, p.problem ?? "sustained",
    ]);
  }
})();
