"use strict";
// The story of a trade, from the decision of its signal to its end, by the messages that name the signal.
async function tellStory(trade) {
  const list = $("story-text");
  $("story-title").textContent = `Trade ${trade.trade_id}, signal ${trade.signal_id}`;
  list.replaceChildren(sentence(null, "Looking it up."));
  if (!$("story").open) $("story").showModal();
  try {
    const by = `signal_id=${trade.signal_id}`;
    const [decisions, executions, orders, parents] = await Promise.all([call(`/decisions?${by}`),
      call(`/executions?${by}&limit=50`), call(`/orders?${by}&limit=50`), call(`/parents/ended?${by}`)]);
    const told = [
      ...decisions.items.flatMap(decided),
      ...executions.items.map(one => [one.time,
        `${words(one.purpose)} order ${one.order_id} executed ${executed(one)}; ${one.leaves_quantity} are left.`]),
      ...orders.items.filter(one => !one.cumulative_quantity).map(one => [one.time,
        `${words(one.purpose)} order ${one.order_id} (${one.side} ${one.quantity}) ended as ${words(one.status)}.`]),
      ...parents.items.map(one => [one.time, `Parent order ${one.parent_id} ended with ${one.executed} of `
        + `${one.quantity} executed by ${one.children} orders, at ${number(one.average_price, 2)} on average; `
        + `it was decided at ${number(one.arrival_price, 2)}.`]),
    ].sort((a, b) => a[0] < b[0] ? -1 : 1);
    if (!decisions.items.length) told.unshift([trade.entry_time, "Its decision is no longer remembered here; xp "
      + `journal show --signal ${trade.signal_id} tells it from the journal.`]);
    told.push([trade.exit_time, `The trade is closed: ${trade.side} ${trade.quantity} from `
      + `${number(trade.entry_price, 2)} to ${number(trade.exit_price, 2)}, because of ${words(trade.exit_reason)}. `
      + `It made ${number(trade.net_pnl, 2)} after fees of ${number(trade.fees, 2)}; `
      + `slippage took ${number(trade.slippage, 2)}.`]);
    list.replaceChildren(...told.map(([at, text]) => sentence(at, text)));
  } catch (problem) {
    list.replaceChildren(sentence(null, problem.message));
  }
}

// A report may tell of executions whose own reports were lost, beside its own or alone.
function executed(one) {
  const lost = one.inferred_quantity ? [`${one.inferred_quantity} of which no execution was reported`] : [];
  const own = one.last_quantity ? [`${one.last_quantity} at ${number(one.last_price, 2)}`] : [];
  return [...own, ...lost].join(" and ");
}

function decided(one) {
  const chances = one.size_probabilities?.every(Number.isFinite)
    ? `, with chances of 0, 1, 2, 3 and 5 contracts of ${one.size_probabilities.map(p => number(p * 100)).join(", ")} %`
    : "";
  const inputs = one.features?.every(Number.isFinite)
    ? [[one.time, `Its inputs: confidence ${number(one.features[1], 2)}, urgency ${number(one.features[3], 2)}, spread `
      + `${number(one.features[4], 2)} bp, volatility ${number(one.features[7] * 100, 3)} %, `
      + `position ${one.features[8]}, value at risk ${number(one.features[11] * 100)} % of its limit.`]]
    : [];
  const plan = `${one.side} ${one.quantity} by ${one.strategy}, stop ${number(one.stop_loss_atr, 1)} and target `
    + `${number(one.take_profit_atr, 1)} times the range`;
  const risk = one.approved_quantity > 0 ? `Risk approved ${one.approved_quantity} as parent order ${one.parent_id}.`
    : `Risk approved none: ${words(one.risk_violations.join(", ")) || words(one.outcome)}.`;
  return [...inputs, [one.time, `${words(one.source)} decided ${plan}${chances}. ${risk}`]];
}

function sentence(at, text) {
  const item = document.createElement("li");
  if (at) item.append(Object.assign(document.createElement("small"), { textContent: time(at) }));
  item.append(text[0].toUpperCase() + text.slice(1));
  return item;
}
