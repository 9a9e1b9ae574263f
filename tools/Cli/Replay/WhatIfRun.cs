using System.Numerics;
using ExecutionPipeline.Analysis.Reports;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Backtest;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>
/// Plays the signals, the market data and the commands of a journal on a virtual clock, against the simulated exchange.
/// What the recorded venue answered and which timers came due is left out: another decision would not have caused it.
/// </summary>
internal sealed class WhatIfRun : IEventObserver
{
    /// <summary>How long the close at the end may take, in seconds of the journal's time.</summary>
    private const int CloseSeconds = 60;

    private readonly Func<ModelVersion, LoadedPolicy>? _openModels;
    private readonly bool _takesModels;
    private readonly VirtualRun _run;
    private readonly OrderCollector _orders;
    private readonly OutboundComparison _outbound = new(null, null);
    private readonly long[] _refusals = new long[sizeof(uint) * 8];
    private readonly List<SignalOutcome> _outcomes = [];
    private long _sequence;

    /// <param name="options">Of the pipeline.</param>
    /// <param name="backend">Decides; stays the caller's.</param>
    /// <param name="startNs">The time of the first event.</param>
    /// <param name="takesModels">Whether the models decide that the journal says, or the backend all the time.</param>
    /// <param name="openModels">Opens the versions that the journal names; null: it must name none.</param>
    public WhatIfRun(
        PipelineOptions options, IPolicyBackend backend, long startNs, bool takesModels,
        Func<ModelVersion, LoadedPolicy>? openModels)
    {
        (_takesModels, _openModels) = (takesModels, openModels);
        _run = new VirtualRun(options, backend, new StreamSink(_outbound), startNs);
        _orders = new OrderCollector(_run.Instruments, "touch");
        _run.Observer = this;
    }

    /// <summary>What became of the signals, in the journal's order.</summary>
    public IReadOnlyList<SignalOutcome> Outcomes => _outcomes;

    /// <summary>Plays a journal to its end, and closes what is open then.</summary>
    /// <exception cref="InvalidDataException">The journal names models that are not there.</exception>
    public void Play(JournalReader input, CancellationToken cancel)
    {
        var e = default(PipelineEvent);
        while (input.TryRead(ref e))
        {
            cancel.ThrowIfCancellationRequested();
            _sequence = input.Sequence;
            if (IsTaken(ref e, input.Sequence))
                _run.Take(in e.Header, in e.Payload);
        }

        _run.AdvanceTo(e.Header.TimeNs);
        _run.CloseAll(CloseSeconds);
        _outbound.Finish();
        _run.Chain.Inference.Models.Slots.Dispose();
    }

    public void OnHandled(ref readonly PipelineEvent e, ActionLog actions)
    {
        _orders.OnHandled(in e, actions);
        if (e.Header.Kind != EventKind.TradeQualified)
            return;

        for (var left = (uint)e.Verdict.Violations; left != 0; left &= left - 1)
            _refusals[BitOperations.TrailingZeroCount(left)]++;
        _outcomes.Add(new SignalOutcome(
            _sequence, e.Payload.TradeQualified.SignalId, e.Routing.Outcome, e.Verdict.ApprovedQuantity,
            e.Decision.Strategy));
    }

    /// <summary>What it came to.</summary>
    /// <param name="name">Of the run.</param>
    /// <param name="policy">Who decided.</param>
    /// <param name="configuration">The configuration's hash.</param>
    public WhatIfOutcome Outcome(string name, string policy, string configuration)
    {
        var routing = _run.Chain.Routing;
        var portfolio = _run.Chain.Context.Portfolio;
        var analysis = new ExecutionAnalysis(_orders.Orders, _orders.Markets, _orders.Trades);
        var all = AnalysisFigures.Of(analysis).All;
        return new WhatIfOutcome
        {
            Name = name,
            Policy = policy,
            Configuration = configuration,
            Events = _run.Events,
            Signals = _outcomes.Count,
            InputsRefused = _run.Refused,
            Outcomes = Enum.GetValues<RoutingOutcome>().Where(outcome => routing.CountOf(outcome) > 0)
                .ToDictionary(ReportNames.KeyOf, routing.CountOf),
            Refusals = Enumerable.Range(0, _refusals.Length).Where(bit => _refusals[bit] > 0)
                .ToDictionary(static bit => ReportNames.KeyOf((RiskViolations)(1u << bit)), bit => _refusals[bit]),
            Orders = _orders.Orders.Count,
            ChildOrders = routing.OrdersSent - routing.ExitsSent,
            ExitOrders = routing.ExitsSent,
            Fills = routing.Fills,
            ContractsOrdered = all?.Ordered ?? 0,
            ContractsExecuted = all?.Executed ?? 0,
            CostBps = all is null ? null : all.TotalBps - all.PartsBps["fees"],
            CostWithFeesBps = all?.TotalBps,
            Trades = _orders.Trades.Count,
            OpenTrades = routing.Trades.OpenTrades,
            GrossPnl = portfolio.RealizedPnlE6 / 1_000_000m,
            Fees = portfolio.FeesE6 / 1_000_000m,
            NetPnl = portfolio.NetRealizedPnlE6 / 1_000_000m,
            MaxDrawdown = _orders.Equity.MaxDrawdownE6 / 1_000_000m,
            OutboundSha256 = _outbound.Sha256,
        };
    }

    private bool IsTaken(ref PipelineEvent e, long sequence)
    {
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified or EventKind.MarketUpdate:
                return true;
            // The disk of the recorded run, and not what was decided.
            case EventKind.Command:
                return e.Payload.Command.Kind is not (CommandKind.JournalDegraded or CommandKind.JournalRestored);
            case EventKind.Model when _takesModels:
                return IsLoaded(ref e.Payload.Command, sequence);
            default:
                return false;
        }
    }

    private bool IsLoaded(ref Command command, long sequence)
    {
        // The rules are named at the start alone, and decide from there on.
        if (!command.NamesModels)
            return true;
        if (command.ModelVersion == 0)
            return false;

        var policy = ReplayedInputs.Open(_openModels, new ModelVersion(command.ModelVersion), sequence);
        return _run.Chain.Inference.Models.Slots.TryPrepare(policy, out command.ModelSlot);
    }
}

/// <summary>What became of a signal, which is an event of the journal.</summary>
internal readonly record struct SignalOutcome(
    long Sequence, ulong SignalId, RoutingOutcome Outcome, int Quantity, ExecutionStrategy Strategy);
