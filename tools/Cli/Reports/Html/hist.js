(function () {
  const { logs, comparisons } = pageData();
  const own = [
    "transport", "inference", "risk", "context", "routing", "ring", "sender", "platform_hiccup",
    "platform_hiccup_pipeline", "platform_hiccup_engine", "end_to_end",
  ];
  const names = [...new Set(logs.flatMap(log => log.tags.map(tag => tag.name)))];

  // A stage has its own colour; other tags take them in turn.
  const colorOf = ({ tag }) => `var(--${own.includes(tag) ? tag : own[names.indexOf(tag) % own.length]})`;

  // Two logs are A and B, and B's lines are dashed.
  const lines = logs.flatMap((log, i) => log.tags.map(tag => ({
    ...tag, tag: tag.name, name: `${i} ${tag.name}`, logStartMs: log.start_ms,
    label: tag.name.replaceAll("_", " ") + (logs.length > 1 ? ` ${"AB"[i]}` : ""),
    className: i > 0 ? "second" : "",
  })));

  byId("subtitle").textContent = logs.map((log, i) =>
    `${logs.length > 1 ? "AB"[i] + " " : ""}${log.file}, ` +
    `${new Date(log.start_ms).toISOString().slice(0, 19).replace("T", " ")} UTC, ${count(log.intervals)} histograms`)
    .join(" · ");

  showPlot("percentiles", percentileLines(lines, colorOf), percentileAxis(lines));

  const seconds = line => line.times.map(([endMs]) => (endMs - line.logStartMs) / 1000);
  const timeLines = figure => lines.map(line => {
    const at = seconds(line);
    const from = Math.max(0, (line.start_ms - line.logStartMs) / 1000);
    return { ...line, from, color: colorOf(line), points: line.times.map((point, i) => [at[i], point[figure]]) };
  });
  const last = lines.flatMap(seconds).reduce((most, at) => Math.max(most, at), 0.001);
  const plot = showPlot("times", timeLines(2), timeAxis(last));
  onSwitch(byId("times").closest(".card"), "figure", figure => plot.setLines(timeLines(+figure)));

  const head = (table, labels) => {
    const tr = node("tr", table);
    labels.forEach((label, i) => node("th", tr, label, i > 0 ? "n" : ""));
  };
  const columns = ["p50", "p90", "p99", "p99_9", "p99_99", "max", "mean"];
  head(byId("latencies"), ["tag", "count", ...columns.map(column => column.replace("_", "."))]);
  for (const { label, summary } of lines)
    row(byId("latencies"), [label, count(summary.count), ...columns.map(column => micros(summary[column]))]);

  const compared = Object.entries(comparisons);
  byId("comparison").hidden = compared.length === 0;
  head(byId("comparisons"), ["tag", "percentile", "A", "B", "B − A", "B / A"]);
  for (const [tag, rows] of compared) {
    for (const { percentile, baseline, candidate, difference, ratio } of rows) {
      const name = percentile === 100 ? "max" : `p${percentile}`;
      const figures = [baseline, candidate, difference].map(micros);
      row(byId("comparisons"), [tag, name, ...figures, ratio === null ? "–" : ratio.toFixed(2)]);
    }
  }
})();
