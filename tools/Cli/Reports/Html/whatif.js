"use strict";
(() => {
  const { what_if: whatIf, rows } = pageData();
  byId("subtitle").textContent = [whatIf.journal, ...whatIf.changes].join(", ");
  byId("otherwise").textContent = whatIf.first_signal_otherwise === null
    ? "Every signal came out as in the base."
    : `${count(whatIf.signals_otherwise)} signals came out otherwise; `
      + `the first is signal ${whatIf.first_signal_otherwise}.`;
  heads(byId("figures"), ["", `base, ${whatIf.base.policy}`, `what if, ${whatIf.what_if.policy}`, "difference"]);
  for (const r of rows) row(byId("figures"), [r.name, r.base, r.what_if, r.difference]);
  byId("meaning").textContent = whatIf.note;
})();
