"use strict";
// The page asks for the state twice a second, for lists every two and for what changes rarely every five seconds. What
// it shows comes from the pipeline's counters and messages alone; nothing is worked out that was not said.
const $ = id => document.getElementById(id);
let exits = null;
let utc = localStorage.getItem("xp-zone") !== "local";
let lastGood = 0;

const number = (value, digits = 0) => value == null ? "–" : Number(value).toLocaleString("en-US",
  { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" });
const words = text => String(text ?? "").replaceAll("_", " ");
const micros = ns => number(ns / 1000, ns < 100000 ? 1 : 0);
const signed = value => Object.assign(document.createElement("span"),
  { textContent: number(value, 2), className: value > 0 ? "up" : value < 0 ? "down" : "" });

function time(text) {
  if (!text) return "–";
  if (utc) return text.slice(11, 23);
  const local = new Date(text);
  return local.toLocaleTimeString("en-GB") + text.slice(19, 23);
}

// What hangs is given up: else old figures would stay as if they were live.
async function call(path, method = "GET", body) {
  const patience = method === "GET" ? 4000 : 20000;
  const response = await fetch(path, { method, headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body), signal: AbortSignal.timeout(patience) }).catch(problem => {
    throw problem.name === "TimeoutError" ? new Error(`none in ${patience / 1000} s`) : problem;
  });
  const answer = response.status === 204 ? {} : await response.json();
  if (response.status === 401) show(false);
  if (!response.ok) throw new Error(answer.detail || answer.title || String(response.status));
  return answer;
}

// One request of a kind at a time: what hangs must not take the browser's connections from the others.
function alone(ask) {
  let isAsking = false;
  return async () => {
    if (isAsking) return;
    isAsking = true;
    try { await ask(); } finally { isAsking = false; }
  };
}

function table(id, head, rows, none) {
  const make = (tag, cells) => {
    const row = document.createElement("tr");
    for (const cell of cells) {
      const one = document.createElement(tag);
      if (tag === "th") one.scope = "col";
      one.append(cell instanceof Node ? cell : String(cell ?? "–"));
      row.append(one);
    }
    return row;
  };
  const body = rows.length ? rows.map(cells => make("td", cells)) : [make("td", [none])];
  $(id).replaceChildren(make("th", head), ...body);
}

function big(id, state, text, more) {
  const small = Object.assign(document.createElement("small"), { textContent: more });
  if ($(id).textContent !== text + more) $(id).replaceChildren(text, small);
  $(id).className = "big " + state;
}

function bar(name, share, text) {
  const row = Object.assign(document.createElement("div"), { className: "bar" });
  const progress = Object.assign(document.createElement("progress"), { max: 1, value: Math.min(1, share || 0) });
  progress.setAttribute("aria-label", name);
  row.append(Object.assign(document.createElement("span"), { textContent: name }), progress,
    Object.assign(document.createElement("span"), { textContent: text }));
  return row;
}

function showState(state) {
  const stopped = state.positions.filter(one => one.entries_stopped).length;
  big("switch", state.fault || state.killed ? "bad" : "good",
    state.fault ? "FAULT: trading has ended" : state.killed ? "KILLED" : "Trading",
    state.killed ? words(state.kill_cause) : "kill switch released");
  big("ring", state.ring.alive ? "good" : "bad", state.ring.alive ? "Ring moves" : "RING STANDS STILL",
    `${number(state.ring.events_per_second)} events/s, `
      + `${number(state.ring.depth)} of ${number(state.ring.size)} slots`);
  big("entries", stopped ? "warn" : "good", stopped ? "Entries stopped" : "Entries open",
    stopped ? `in ${stopped} of ${state.positions.length} instruments` : `${state.totals.working_orders} orders work`);
  const profit = state.account.realized_pnl + state.account.unrealized_pnl;
  $("account").replaceChildren(...[["Equity", number(state.account.equity, 2)], ["Profit", signed(profit)],
    ["Realised", signed(state.account.realized_pnl)], ["Unrealised", signed(state.account.unrealized_pnl)],
    ["Signals", number(state.totals.signals)], ["Orders sent", number(state.totals.orders_sent)],
    ["Fills", number(state.totals.fills)], ["Venue rejects", number(state.totals.venue_rejects)],
    ["Open trades", number(state.totals.open_trades)]].map(([name, value]) => {
    const cell = document.createElement("div");
    const bold = document.createElement("b");
    bold.append(value);
    cell.append(name, bold);
    return cell;
  }));
  table("positions", ["Instrument", "Position", "Mark", "Open P&L", "Stops", "Targets", "Entries"],
    state.positions.map(one => [one.symbol || one.instrument, number(one.position), number(one.mark_price, 2),
      signed(one.open_pnl), bracket(state, one, "stop_loss", "stop_price"),
      bracket(state, one, "take_profit", "limit_price"),
      one.entries_stopped ? "stopped" : "open"]), "No instrument");
  $("limits").replaceChildren(...Object.entries(state.limits).map(([name, one]) => {
    const isShare = name.endsWith("drawdown");
    const text = value => isShare ? number(value * 100, 2) + " %" : number(value);
    return bar(words(name), one.limit ? one.used / one.limit : 0, `${text(one.used)} of ${text(one.limit)}`);
  }));
  $("breakers").replaceChildren(...Object.entries(state.breakers).map(([name, value]) => Object.assign(
    document.createElement("span"), { className: "tag " + value, textContent: `${words(name)}: ${words(value)}` })));
  table("latencies", ["µs, last second", "p50", "p90", "p99", "p99.9", "max", "p99 minute"],
    Object.entries(state.latency_ns_second).map(([part, one]) => [words(part), micros(one.p50), micros(one.p90),
      micros(one.p99), micros(one.p999), micros(one.max), micros(state.latency_ns_minute[part].p99)])
      .concat(hiccupRow(state)), "");
  const last = state.latency_ns_second.end_to_end;
  latencyChart.add([last.p50, last.p99, last.max, state.hiccup_ns_second?.max ?? 0].map(ns => ns / 1000));
}

// What the machine did meanwhile to a thread that only sleeps: with it a slow second is told from a slow pipeline.
function hiccupRow(state) {
  const one = state.hiccup_ns_second;
  return one ? [["machine's hiccups", micros(one.p50), "–", micros(one.p99), "–", micros(one.max),
    micros(state.hiccup_ns_minute.p99)]] : [];
}

// Contracts of the exits that work, and the price of the nearest one. Where not all was heard, one of them may have
// ended, and there may be others.
function bracket(state, position, purpose, price) {
  const open = exits?.filter(one => one.instrument_id === position.instrument && one.purpose === purpose) ?? [];
  if (!open.length) return !position.position || exits && state.heard_all ? "–" : "not known";
  const away = one => Math.abs(one[price] - position.mark_price);
  const nearest = open.reduce((best, one) => away(one) < away(best) ? one : best);
  const contracts = open.reduce((sum, one) => sum + one.leaves_quantity, 0);
  return `${state.heard_all ? "" : "unsure: "}${number(contracts)} from ${number(nearest[price], 2)}`;
}

function stale(text) {
  $("stale").hidden = !text;
  $("stale").textContent = text;
  $("desk").classList.toggle("old", Boolean(text));
  if (text) for (const id of ["switch", "ring", "entries"]) big(id, "bad", "UNKNOWN", "no fresh data");
}

const look = alone(async () => {
  try {
    const state = await call("/state");
    if (!state.limits) stale(`No pipeline: ${state.problem}`);
    else {
      showState(state);
      if (state.fresh) lastGood = performance.now();
      stale(state.fresh ? "" : `Stale: the pipeline last wrote ${number(state.age_seconds)} s ago`);
    }
  } catch (problem) {
    if (!$("desk").hidden) {
      const since = lastGood ? ` for ${number((performance.now() - lastGood) / 1000)} s` : "";
      stale(`No answer from the control plane${since}: ${problem.message}`);
    }
  }
});

// A request may hang, and says nothing then.
function age() {
  const seconds = (performance.now() - lastGood) / 1000;
  if (lastGood && seconds > 3 && $("stale").hidden) stale(`No answer from the control plane for ${number(seconds)} s`);
}

// What fails says so in its own place, and holds none of the others up.
async function part(path, take, fail) {
  try {
    take(await call(path));
  } catch (problem) {
    fail(problem.message);
  }
}

const lists = alone(async () => {
  if ($("desk").hidden || document.hidden) return;
  const working = "status=pending_new,new,partially_filled,pending_cancel,pending_replace,suspended&limit=1000";
  await Promise.all([
    part("/alerts?state=active&limit=30", active => part("/alerts?state=resolved&limit=6",
      resolved => showAlerts(active, resolved), noAlerts), noAlerts),
    part("/parents", parents => table("parents", ["Parent", "Side", "Strategy", "State", "Progress", ""],
      parents.items.slice(0, 12).map(one => [one.parent_id, one.side, one.strategy, words(one.state),
        Object.assign(document.createElement("progress"),
          { max: one.quantity || 1, value: one.executed, ariaLabel: "executed" }),
        `${one.executed} of ${one.quantity}`]), "None works"), problem => table("parents", ["Parent"], [], problem)),
    part("/trades?limit=8", trades => table("trades", ["Closed", "Side", "Contracts", "Entry", "Exit", "Net", "Why"],
      trades.items.map(one => [link(time(one.exit_time), `Story of trade ${one.trade_id}`, () => tellStory(one)),
        one.side, one.quantity, number(one.entry_price, 2), number(one.exit_price, 2), signed(one.net_pnl),
        words(one.exit_reason)]), "No trade yet"), problem => table("trades", ["Closed"], [], problem)),
    part("/actions?limit=10", actions => table("log", ["Time", "What", "Operator", "Reason"],
      actions.items.map(one => [time(one.time),
        one.type === "COMMAND_RESULT" ? words(one.kind) : words(one.changes.join(", ")) || "state",
        one.operator_id || "–", one.reason || "–"]), "Nothing was done yet"),
      problem => table("log", ["Time"], [], problem)),
    // What stops and targets come to is not known by the first page of them.
    part(`/orders?purpose=stop_loss,take_profit&${working}`,
      orders => { exits = orders.next == null ? orders.items : null; },
      () => { exits = null; }),
  ]);
});

function link(text, label, act) {
  const button = Object.assign(document.createElement("button"),
    { type: "button", className: "link", textContent: text, title: label });
  button.onclick = act;
  return button;
}

const tag = (text, kind) => Object.assign(document.createElement("span"),
  { className: "tag " + kind, textContent: words(text) });

function noAlerts(problem) {
  $("alert-count").textContent = `not known: ${problem}`;
  table("alerts", ["Severity"], [], problem);
}

function showAlerts(alerts, resolved) {
  const waiting = alerts.receivers.filter(one => one.problem).map(one => `${one.name}: ${one.problem}`);
  $("alert-count").textContent = [alerts.active_count ? `${alerts.active_count} active` : "none is active",
    alerts.file_problem && `not kept: ${alerts.file_problem}`, ...waiting].filter(Boolean).join("; ");
  table("alerts", ["Severity", "Since", "Until", "What"], alerts.items.concat(resolved.items).map(one => [
    tag(one.severity, one.state === "active" ? one.severity : "plain"), time(one.timestamp),
    one.resolved_at ? time(one.resolved_at) : "now",
    one.message + (one.occurrences > 1 ? ` (${one.occurrences} times)` : "")]),
    "Nothing was wrong since the control plane began");
}

const rarely = alone(async () => {
  if ($("desk").hidden || document.hidden) return;
  await Promise.all([
    part("/metrics?timeframe=1h", showQuality, problem => table("quality", [""], [], problem)),
    part("/agents", showAgents, problem => table("agents", ["Agent"], [], problem)),
    part("/models", showModels, problem => table("models", ["Version"], [], problem)),
    part("/risk/states", states => $("regimes").replaceChildren(...states.items.flatMap(one => [
      tag(one.market_regime, "plain"), tag(one.volatility_regime + " volatility", "plain")])),
      () => $("regimes").replaceChildren("not known")),
  ]);
});

function showQuality(metrics) {
  const { fill_rates: fills, slippage_bps: slip, market_impact_bps: impact } = metrics.execution_quality;
  table("quality", ["", "mean", "p5", "p50", "p95", "worst"], [
    ["Fill rate", ...[fills.mean, fills.p5, fills.p50, fills.p95, fills.min].map(one => number(one, 3))],
    ["Slippage, bp", ...[slip.mean, slip.p5, slip.p50, slip.p95, slip.max].map(one => number(one, 2))],
    ["Impact, bp", ...[impact.mean, impact.p5, impact.p50, impact.p95, impact.max].map(one => number(one, 2))]], "");
}

function showAgents(agents) {
  table("agents", ["Agent", "Decisions", "Correct", "Score"], Object.keys(agents.decisions).map(name => [words(name),
    number(agents.decisions[name]), number(agents.agent_accuracy[name] * 100, 1) + " %",
    number(agents.agent_rewards[name], 2)]), "No decision was executed yet");
  $("advice").replaceChildren(...agents.improvement_recommendations.map(one =>
    Object.assign(document.createElement("li"), { textContent: one.recommendation })));
}

function showModels(models) {
  const known = models.items.map(one => one.version);
  const made = version => models.deciding.filter(one => one.version === version)
    .map(one => `${number(one.decisions)}${one.canary ? " as canary" : ""}`).join(", ") || "–";
  const others = models.deciding.filter(one => !known.includes(one.version))
    .map(one => [one.source === "rule_based" ? "rules" : /^0+$/.test(one.version) ? "those of the start" : one.version,
      one.canary ? "canary" : "", "–", number(one.decisions)]);
  table("models", ["Version", "Role", "Accuracy", "Of the last 1,000"],
    models.items.map(one => [one.version, one.problem || one.role || "–", number(one.accuracy, 4), made(one.version)])
      .concat(others), models.has_store ? "No version" : "No decision yet, and no store of models is named");
  showCanary(models.canary);
}

function showCanary(canary) {
  $("canary").hidden = !canary;
  if (!canary) return;
  const differ = canary.disagreement_rate == null ? "" : `, ${number(canary.disagreement_rate * 100, 1)} % differ`;
  $("canary").textContent = `Canary ${canary.version} ${words(canary.state)}: `
    + `${number(canary.share_bps / 100, 2)} % of the signals, ${number(canary.decisions)} decisions${differ}, `
    + `${number(canary.invalid)} invalid, mean size ${number(canary.mean_size_difference, 2)} above the others', `
    + `${number(canary.mean_us, 2)} µs beside ${number(canary.incumbent_mean_us, 2)}`;
}

const questions = {
  promote: ["PROMOTE", "Lets the canary decide every signal.", "/models/promote"],
  rollback: ["ROLLBACK", "Ends the canary; where none runs, the models before these decide again.", "/models/rollback"],
  kill: ["KILL",
    "Latches the kill switch and cancels the orders that add risk. Positions with their stops and targets stay."],
  flatten: ["FLATTEN", "Stops entries, cancels every order and closes every position at the market."],
  "stop-entries": ["STOP", "Takes no order that adds risk. Exits go on."],
  resume: ["RESUME", "Releases the kill switch and takes entries again."],
};

// Whether what is asked for was sent: a word that was typed once sends it once.
let isAsked = false;

function ask(command) {
  if ($("ask").open) return;
  const [word, text] = questions[command];
  $("ask").dataset.command = command;
  isAsked = false;
  $("ask-title").textContent = words(command.replaceAll("-", " "));
  $("ask-text").textContent = text;
  $("ask-expected").textContent = word;
  $("ask-word").value = $("ask-answer").textContent = "";
  $("ask-go").disabled = true;
  $("ask").showModal();
  $("ask-word").focus();
}

async function go(event) {
  event.preventDefault();
  const command = $("ask").dataset.command;
  if (isAsked || $("ask-word").value.trim().toUpperCase() !== questions[command][0]) return;
  isAsked = true;
  $("ask-go").disabled = true;
  $("ask-answer").textContent = "Asked; the ring has not answered yet.";
  try {
    const body = { reason: Number($("ask-reason").value) };
    let answer = await call(questions[command][2] || `/commands/${command}`, "POST", body);
    if (command === "resume" && answer.done) answer = await call("/commands/resume-entries", "POST", body);
    $("ask-answer").textContent = answer.flat === false ? "Not flat yet: orders are under way."
      : answer.asked_by ? `${answer.asked_by} has asked; another person must ask too before ${answer.until}.`
      : answer.done === false ? "The ring has not answered yet." : "Done.";
    if (answer.done || answer.flat) setTimeout(() => $("ask").close(), 700);
    lists();
  } catch (problem) {
    $("ask-answer").textContent = `${problem.message} Type the word again to ask again.`;
    $("ask-word").value = "";
    isAsked = false;
  }
}

function show(isIn) {
  $("login").hidden = isIn;
  $("desk").hidden = !isIn;
  if (!isIn) $("key").focus();
}

async function enter() {
  const who = await call("/session");
  $("who").textContent = `${who.name} (${who.role})`;
  show(true);
  look();
  lists();
  rarely();
}

function theme(name) {
  document.documentElement.dataset.theme = name;
  localStorage.setItem("xp-theme", name);
  latencyChart.restyle();
}

theme(localStorage.getItem("xp-theme") || (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark"));
$("theme").onclick = () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
$("zone").textContent = utc ? "UTC" : "Local time";
$("zone").onclick = () => {
  utc = !utc;
  localStorage.setItem("xp-zone", utc ? "utc" : "local");
  $("zone").textContent = utc ? "UTC" : "Local time";
  latencyChart.restyle();
  lists();
};
$("login").onsubmit = async event => {
  event.preventDefault();
  try {
    await call("/session", "POST", { key: $("key").value });
    $("key").value = $("login-problem").textContent = "";
    await enter();
  } catch (problem) {
    $("login-problem").textContent = problem.message;
  }
};
$("leave").onclick = () => call("/session", "DELETE").finally(() => show(false));
$("do-kill").onclick = () => ask("kill");
$("do-flatten").onclick = () => ask("flatten");
$("do-stop").onclick = () => ask("stop-entries");
$("do-resume").onclick = () => ask("resume");
$("do-promote").onclick = () => ask("promote");
$("do-rollback").onclick = () => ask("rollback");
$("ask-word").oninput = () => {
  $("ask-go").disabled = $("ask-word").value.trim().toUpperCase() !== $("ask-expected").textContent;
};
$("ask-word").onkeydown = event => { if (event.key === "Enter" && !event.repeat) go(event); };
$("ask-go").onclick = go;
document.onkeydown = event => {
  if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey || $("desk").hidden) return;
  const click = { k: "do-kill", f: "do-flatten", s: "do-stop", r: "do-resume", t: "theme", u: "zone" }[event.key];
  if (click) $(click).click();
};
enter().catch(() => show(false));
setInterval(() => {
  if ($("desk").hidden) return;
  look();
  age();
}, 500);
setInterval(lists, 2000);
setInterval(rarely, 5000);
