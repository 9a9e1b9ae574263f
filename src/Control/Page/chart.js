"use strict";
// The latency of the last five minutes: what the page has seen since it was opened, two points a second.
const latencyChart = (() => {
  const names = ["p50", "p99", "max", "hiccup"];
  const dashes = [[], [6, 3], [2, 2], [1, 4]];
  const points = 600;
  const height = 190;
  const data = [[], ...names.map(() => [])];
  let plot;

  const place = () => document.getElementById("latency");
  const text = value => value == null ? "–" : value.toLocaleString("en-US", { maximumFractionDigits: 1 });

  function options() {
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(name).trim();
    const axis = { stroke: color("--dim"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
    return {
      width: Math.max(200, place().clientWidth),
      height,
      tzDate: seconds => utc ? uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC") : new Date(seconds * 1e3),
      scales: { y: { distr: 3 } },
      axes: [
        { ...axis, values: "{HH}:{mm}:{ss}", space: 90, size: 30 },
        // Logarithmic, since a percentile and a maximum lie powers of ten apart.
        { ...axis, size: 64, values: (_, all) => all.map(one => Number.isInteger(Math.log10(one)) ? text(one) : "") },
      ],
      series: [
        { label: "Time", value: (_, at) => at == null ? "–" : time(new Date(at * 1e3).toISOString()) },
        ...names.map((label, i) => ({
          label, dash: dashes[i], width: 1.5, spanGaps: false, points: { show: false },
          stroke: color(["--one", "--two", "--three", "--four"][i]), value: (_, value) => text(value),
        })),
      ],
      legend: { live: true },
      hooks: { ready: [tellNewest] },
    };
  }

  /** Without a pointer over the plot its legend tells the newest. */
  function tellNewest(drawn) {
    if (!(drawn.cursor.left >= 0)) drawn.setLegend({ idx: data[0].length - 1 });
  }

  /** Adds microseconds by name; 0 is none, as a logarithm has none. */
  function add(values) {
    data[0].push(Date.now() / 1e3);
    values.forEach((value, i) => data[i + 1].push(value > 0 ? value : null));
    if (data[0].length > points) data.forEach(column => column.shift());
    show();
  }

  function show() {
    if (document.hidden || document.getElementById("desk").hidden) return;
    const hasAny = data.slice(1).some(column => column.some(value => value != null));
    document.getElementById("latency-none").hidden = hasAny;
    place().hidden = !hasAny;
    if (!hasAny) return;
    if (plot) {
      plot.setData(data);
      tellNewest(plot);
    } else plot = new uPlot(options(), data, place());
  }

  /** Draws it anew: colours, zone or width are others. */
  function restyle() {
    plot?.destroy();
    plot = undefined;
    show();
  }

  addEventListener("resize", restyle);
  return { add, restyle };
})();
