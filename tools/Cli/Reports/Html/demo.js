(function () {
  const { report, verdicts, curves } = pageData();

  const latency = report.latency_ns, end = latency.end_to_end, hiccup = report.platform_hiccup_ns;
  const parts = ["sender", "transport", "ring", "context", "inference", "risk", "routing"];

  const when = new Date(report.settings.started_at).toISOString().slice(0, 16).replace("T", " ");
  byId("subtitle").textContent =
    `${when} UTC · ${report.topology} topology · ${report.inference_backend} · ${report.machine}` +
    (report.is_complete ? "" : " · ended before its time");

  for (const [label, ns] of [["p50", end.p50], ["p99", end.p99], ["p99.9", end.p99_9], ["max", end.max]]) {
    const tile = node("div", byId("headline"), undefined, "tile"), value = node("b", tile);
    const [figure, unit] = time(ns).split(" ");
    value.append(figure + " ");
    node("small", value, unit ?? "");
    node("span", tile, `end to end ${label}`);
  }
  const rate = count(Math.round(report.throughput_eps));
  for (const [figure, label] of [[count(report.orders), "orders"], [rate, "events a second"]]) {
    const tile = node("div", byId("headline"), undefined, "tile");
    node("b", tile, figure);
    node("span", tile, label);
  }
  if (report.start_note) {
    const chip = node("div", byId("verdicts"), undefined, "verdict bad");
    node("b", chip, "at the start:");
    chip.append(` ${report.start_note}`);
  }
  for (const verdict of verdicts) {
    const known = verdict.is_met !== undefined && verdict.is_met !== null;
    const chip = node("div", byId("verdicts"), undefined, verdict.is_met ? "verdict" : "verdict bad");
    node("b", chip, `${known ? (verdict.is_met ? "✓" : "✗") : "? unknown:"} ${verdict.claim}`);
    chip.append(` ${verdict.evidence}`);
  }

  showPlot("plot", percentileLines(curves, curve => `var(--${curve.name})`), percentileAxis(curves));

  for (const [key, label] of [["p50", "p50"], ["p99", "p99"]]) {
    const line = node("div", byId("breakdown"), undefined, "bar-row");
    node("b", line, label);
    const bar = node("div", line, undefined, "bar");
    const sum = parts.reduce((total, part) => total + latency[part][key], 0) || 1;
    for (const part of parts) {
      const share = latency[part][key] / sum;
      const text = share > 0.16 ? `${part} ${time(latency[part][key])}` : share > 0.07 ? part : "";
      const piece = node("div", bar, text, text ? "" : "narrow");
      piece.style.background = `var(--${part})`;
      piece.style.flex = `${Math.max(share, 0.001)} 1 0`;
      piece.title = `${part} ${time(latency[part][key])}, ${(100 * share).toFixed(1)} %`;
    }
    const total = node("div", line, undefined, "bar-total");
    total.append("sum ");
    node("b", total, time(sum));
    total.append(", whole ");
    node("b", total, time(end[key]));
  }
  const key = node("div", byId("breakdown"), undefined, "legend");
  for (const part of parts) {
    const item = node("span", key, undefined, "part");
    node("i", item, undefined, "key").style.background = `var(--${part})`;
    item.append(`${part} ${time(latency[part].p50)}`);
  }

  const columns = [
    ["p50", "p50"], ["p90", "p90"], ["p99", "p99"], ["p99_9", "p99.9"], ["p99_99", "p99.99"], ["max", "max"],
    ["mean", "mean"],
  ];
  const table = byId("latencies"), head = node("tr", table);
  node("th", head, "stage");
  for (const [, label] of columns) node("th", head, label, "n");
  const cells = of => columns.map(([column]) => of.count ? micros(of[column]) : "–");
  for (const part of parts) row(table, [part, ...cells(latency[part])]);
  row(table, ["end to end", ...cells(end)], "strong");
  for (const [thread, of] of Object.entries(report.platform_hiccup_by_thread_ns))
    row(table, [`platform hiccup, ${thread}`, ...cells(of)], "soft");
  row(table, ["platform hiccup, later of both", ...cells(hiccup)], "soft");
  byId("hiccup-note").textContent =
    `Platform hiccup is what spinning threads that do nothing saw on the same machine during the same run, and the ` +
    `later of both what a latency that needs both processors waits for. ` +
    `End to end p99 is ${end.p99 > hiccup.p99 ? `${micros(end.p99 - hiccup.p99)} µs` : "not"} above it.`;

  if (report.tail) showTail(report.tail);

  const signals = byId("signals");
  const isShare = n => report.events_sent && n !== null && n <= report.events_sent;
  const share = n => isShare(n) ? `${(100 * n / report.events_sent).toFixed(1)} %` : "";
  const known = n => n === null || n === undefined ? "unknown" : count(n);
  const signal = (name, n, className) => row(signals, [name, known(n), share(n)], className);
  signal("sent", report.events_sent, "strong");
  signal("processed", report.events_processed);
  for (const [name, n] of Object.entries(report.outcomes)) signal(words(name), n, "sub");
  for (const [name, n] of Object.entries(report.refused_by_reason)) signal(`refused for ${words(name)}`, n, "sub");
  for (const [name, n] of Object.entries(report.decided_late)) signal(`too late for the models: ${words(name)}`, n);
  for (const [name, n] of Object.entries(report.sizes_cut)) signal(`size cut by ${words(name)}`, n);
  signal("rejected at the edge", report.rejected);
  for (const [name, n] of Object.entries(report.rejected_by_reason)) signal(words(name), n, "sub");
  signal("lost", report.events_lost);
  const market = Object.entries(report.market_rejected_by_reason);
  for (const [name, n] of market) row(signals, [`market updates rejected: ${words(name)}`, count(n), ""]);
  const commands = Object.entries(report.commands_rejected_by_reason);
  for (const [name, n] of commands) row(signals, [`commands rejected: ${words(name)}`, count(n), ""]);

  const senders = byId("senders"), senderHead = node("tr", senders);
  ["stream", "sender", "session", "sent", "came in", "rejected", "lost"].forEach(
    (title, i) => node("th", senderHead, title, i > 0 ? "n" : undefined));
  for (const s of report.senders)
    row(senders, [s.stream, s.sender, s.session === null ? "–" : String(s.session), known(s.sent), count(s.received),
      count(s.rejected), known(s.lost)]);
  if (!report.senders.length) row(senders, ["nothing came in"]);
  if (!end.count) byId("hiccup-note").textContent = "No measured signal became an order: there is no latency to show.";

  const orders = byId("orders"), cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const money = n => n.toLocaleString("en-US", cents);
  row(orders, ["orders sent to the venue", count(report.orders)], "strong");
  for (const name of ["filled", "expired", "cancelled", "rejected_by_venue"])
    row(orders, [words(name), count(report.order_figures[name])], "sub");
  row(orders, ["filled in part before their end", count(report.order_figures.partially_filled)]);
  row(orders, ["fills", count(report.fills)]);
  row(orders, ["contracts filled", count(report.order_figures.contracts_filled)]);
  row(orders, ["trades closed", count(report.order_figures.trades_closed)]);
  row(orders, ["position at the end", count(report.order_figures.final_position)]);
  row(orders, ["realised, before fees", money(report.order_figures.realized_pnl)]);
  row(orders, ["fees", money(report.order_figures.fees)]);
  for (const [name, n] of Object.entries(report.outbound)) row(orders, [`outbound: ${words(name)}`, count(n)], "soft");

  if (report.by_strategy.length) {
    byId("execution-card").hidden = false;
    const strategies = byId("strategies"), line = node("tr", strategies);
    ["strategy", "orders", "slices", "contracts", "executed", "cost, bp"].forEach(
      (title, i) => node("th", line, title, i > 0 ? "n" : undefined));
    for (const s of report.by_strategy)
      row(strategies, [s.strategy, count(s.orders), count(s.slices), count(s.contracts_ordered),
        count(s.contracts_executed), typeof s.cost_bps === "number" ? s.cost_bps.toFixed(3) : "–"]);
    const ends = Object.entries(report.exit_reasons).map(([name, n]) => `${words(name)} ${count(n)}`);
    if (ends.length) byId("exits").textContent = `Trades were ended by: ${ends.join(", ")}.`;
  }

  const schedules = report.schedules;
  if (schedules) {
    byId("schedules-card").hidden = false;
    byId("schedules-note").textContent = `After the measured run, ${count(schedules.signals)} signals in ` +
      `${schedules.minutes} minutes of a generated market by a virtual clock, once for each strategy. The cost is ` +
      "the average price against the price of the decision, in basis points of it, without fees; positive is worse. " +
      "Exits are stop, target and closing orders; the last columns say what ended the trades.";
    const table = byId("schedules"), line = node("tr", table);
    ["strategy", "orders", "slices", "contracts", "executed", "cost, bp", "exits", "trades", "target", "stop", "signal",
      "other"].forEach((title, i) => node("th", line, title, i > 0 ? "n" : undefined));
    for (const s of schedules.by_strategy) {
      const by = name => s.exit_reasons[name] ?? 0, signal = by("signal") + by("reversal");
      row(table, [s.strategy, count(s.orders), count(s.slices), count(s.contracts_ordered),
        count(s.contracts_executed), typeof s.cost_bps === "number" ? s.cost_bps.toFixed(3) : "–", count(s.exits),
        count(s.trades), count(by("take_profit")), count(by("stop_loss")), count(signal),
        count(s.trades - by("take_profit") - by("stop_loss") - signal)]);
    }
  }

  const models = report.models;
  if (models) {
    byId("models-card").hidden = false;
    byId("models-note").textContent =
      `${models.version} decided at the end. Changes by command: ${count(models.changes)}. ` +
      (models.canaries.length ? "Canaries, on the same signals as the models beside them:" : "There was no canary.");
    const canaries = byId("canaries");
    if (models.canaries.length) {
      const titles = ["canary", "state", "share", "decisions", "others", "disagreements", "invalid",
        "size, contracts", "a run", "beside it"];
      const line = node("tr", canaries);
      titles.forEach((title, i) => node("th", line, title, i === 0 ? undefined : "n"));
    }
    for (const c of models.canaries)
      row(canaries, [c.version, words(c.state), `${(c.share_bps / 100).toFixed(2)} %`, count(c.decisions),
        count(c.others), count(c.disagreements), count(c.invalid), c.mean_size_difference.toFixed(3),
        time(c.mean_ns), time(c.incumbent_mean_ns)]);
  }

  const run = byId("run"), settings = report.settings;
  const setting = (table, name, value) => {
    const tr = node("tr", table);
    node("td", tr, name);
    node("td", tr, value);
  };
  const length = `${report.elapsed_s.toFixed(1)} s, after ${count(report.events_warmup)} events of warm-up`;
  setting(run, "rate", `${count(settings.rate_eps)} events/s for ${length}`);
  setting(run, "topology", `${report.topology}, waiting: ${settings.wait}`);
  const problem = report.inference_problem;
  setting(run, "inference", report.inference_backend + (problem ? `, not what was asked for: ${problem}` : ""));
  setting(run, "driver", report.driver);
  setting(run, "market data", `${settings.market_data} at ${settings.speed} × real time`);
  setting(run, "seed", String(settings.seed));
  setting(run, "processors", `${report.cpu_set} (pinned: ${settings.pinned})`);
  setting(run, "machine", report.machine);
  setting(run, "runtime", settings.runtime);
  for (const [name, value] of Object.entries(settings.runtime_options)) setting(run, name, value);
  setting(run, "program", settings.version);

  const sender = byId("sender"), engine = report.sender;
  if (!engine) {
    setting(sender, "ending", "it left no report");
    return;
  }
  setting(sender, "ending", words(engine.ending) + (engine.problem ? `: ${engine.problem}` : ""));
  setting(sender, "signals", `${count(engine.sent_measured)} after ${count(engine.sent_warmup)} of warm-up`);
  const list = counts => Object.entries(counts).map(([name, n]) => `${words(name)} ${count(n)}`).join(", ");
  setting(sender, "malformed", list(engine.sent_malformed));
  setting(sender, "read back", list(engine.received));
  const dataEnd = engine.has_market_data_ended ? ", to the end of the data" : "";
  setting(sender, "market updates", count(engine.market_updates) + dataEnd);
  setting(sender, "back-pressure", `${count(engine.back_pressure_retries)} retries`);
  const late = engine.lateness_ns;
  setting(sender, "lateness", `p50 ${time(late.p50)}, p99 ${time(late.p99)}, max ${time(late.max)}`);
  setting(sender, "allocated", `${count(engine.allocated_bytes)} bytes, ${count(engine.gc_collections)} collections`);
  setting(sender, "processor", engine.pinned_cpu === null ? "not pinned" : String(engine.pinned_cpu));

  function showTail(tail) {
    byId("tail-card").hidden = false;
    const table = byId("tail"), head = node("tr", table);
    ["cause", "signals", "share", "p50, µs", "max, µs"].forEach(
      (title, i) => node("th", head, title, i > 0 ? "n" : undefined));
    for (const of of tail.causes) {
      const share = `${(100 * of.signals / tail.accounted).toFixed(1)} %`;
      row(table, [of.cause, count(of.signals), share, micros(of.median_ns), micros(of.max_ns)]);
    }
    if (!tail.causes.length) row(table, ["no signal took so long"]);
    byId("tail-note").textContent = `${count(tail.signals)} signals took more than ${time(tail.above_ns)} end to end` +
      (tail.accounted < tail.signals ? `; the first ${count(tail.accounted)} are told. ` : ". ") +
      `Source: ${tail.source}.` +
      (tail.stolen_ms === null ? "" : ` The hypervisor took ${count(tail.stolen_ms)} ms of these processors.`);
  }
})();
