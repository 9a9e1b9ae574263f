using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Context;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Risk;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>
/// The path of an event, in the order of the methods below. Every topology runs these and nothing else; they differ in
/// which thread runs which. The clock is read here, around the stages, for telemetry and for ingress, which may find
/// from it that the backend is slow. What a stage throws leaves with the stage's name.
/// </summary>
public sealed class StageChain(
    ContextStage context,
    InferenceStage inference,
    RiskStage risk,
    RoutingStage routing,
    OutboundPublisher outbound,
    LatencyTelemetry telemetry,
    BackendPace pace) : IStateful
{
    public ContextStage Context => context;

    public InferenceStage Inference => inference;

    public RiskStage Risk => risk;

    public RoutingStage Routing => routing;

    public OutboundPublisher Outbound => outbound;

    public LatencyTelemetry Telemetry => telemetry;

    public BackendPace Pace => pace;

    /// <summary>Is shown the market data before routing acts on them; null: the venue has its own.</summary>
    public IMarketListener? Market { get; init; }

    /// <summary>Keeps the kill switch's state for the next start; null: nothing does.</summary>
    public KillSwitchFile? KillSwitch { get; init; }

    /// <summary>Is told what routing handles, and when it has handled a kill command; null: nobody asks.</summary>
    public KillGate? Gate { get; init; }

    /// <summary>Folds what events lead to, for the journal's checkpoints; null: nobody needs it.</summary>
    public ResultHash? Results { get; init; }

    /// <summary>Is kept up to date for whoever watches; null: nobody does.</summary>
    public LiveFigures? Live { get; init; }

    /// <summary>Is shown every event, on the thread of the followers; null: nobody is.</summary>
    public IEventObserver? Observer { get; set; }

    /// <summary>The whole path on the calling thread.</summary>
    public void Run(ref PipelineEvent e)
    {
        BuildContext(ref e);
        Infer(ref e);
        CheckRisk(ref e);
        Route(ref e);
        Follow(ref e);
    }

    /// <summary>
    /// The whole path again of an event that an earlier run has handled: nothing is measured, and no file is written.
    /// </summary>
    public void Replay(ref PipelineEvent e)
    {
        context.OnEvent(ref e);
        inference.OnEvent(ref e);
        risk.OnEvent(ref e);
        if (e.Header.Kind == EventKind.MarketUpdate)
            Market?.OnMarket(e.Header.InstrumentIndex, e.Payload.MarketUpdate, e.Header.TimeNs);
        routing.OnEvent(ref e);
        outbound.OnEvent(ref e);
        Results?.Fold(in e);
        routing.Actions.Release(in e);
    }

    public void BuildContext(ref PipelineEvent e)
    {
        if (IsTimed(ref e))
            e.Timestamps.ContextStartNs = NanoClock.NowNs();

        try
        {
            context.OnEvent(ref e);
        }
        catch (Exception cause)
        {
            throw new StageException("context", cause);
        }

        if (IsTimed(ref e))
            e.Timestamps.ContextDoneNs = NanoClock.NowNs();
    }

    public void Infer(ref PipelineEvent e) => Infer(ref e, e.Timestamps.ContextDoneNs);

    /// <summary>The same on a thread of its own: how long an event waited for it says nothing of the backend.</summary>
    public void InferApart(ref PipelineEvent e) => Infer(ref e, IsTimed(ref e) ? NanoClock.NowNs() : 0);

    public void CheckRisk(ref PipelineEvent e)
    {
        try
        {
            risk.OnEvent(ref e);
        }
        catch (Exception cause)
        {
            throw new StageException("risk", cause);
        }

        if (IsTimed(ref e))
            e.Timestamps.RiskDoneNs = NanoClock.NowNs();
    }

    public void Route(ref PipelineEvent e)
    {
        try
        {
            if (e.Header.Kind == EventKind.MarketUpdate)
                Market?.OnMarket(e.Header.InstrumentIndex, e.Payload.MarketUpdate, e.Header.TimeNs);

            routing.OnEvent(ref e);
            Gate?.OnRouted(in e);
        }
        catch (Exception cause)
        {
            throw new StageException("routing", cause);
        }

        if (IsTimed(ref e))
            e.Timestamps.RoutingDoneNs = NanoClock.NowNs();
    }

    /// <summary>
    /// What comes after the order has left: the kill switch's file, outbound messages and the latency account.
    /// </summary>
    public void Follow(ref PipelineEvent e)
    {
        var follower = "the kill switch's file";
        try
        {
            KillSwitch?.OnEvent(ref e);
            follower = "outbound";
            outbound.OnEvent(ref e);
            follower = "telemetry";
            telemetry.OnEvent(ref e);
            Results?.Fold(in e);
            Live?.OnEvent(in e);
            Observer?.OnHandled(in e, routing.Actions);
            routing.Actions.Release(in e);
        }
        catch (Exception cause)
        {
            throw new StageException(follower, cause);
        }
    }

    /// <summary>
    /// All that decides what later events lead to. How fast the backend is and what was measured begin anew.
    /// </summary>
    public void Transfer(StateStream state)
    {
        context.Transfer(state);
        inference.Transfer(state);
        risk.Transfer(state);
        routing.Transfer(state);
        if (state.IsReading)
            outbound.SetLimits(risk.Limits);
        outbound.Transfer(state);
    }

    /// <summary>Takes every page of the stages' tables from the kernel, so that no event has to wait for one.</summary>
    public void TouchMemory() => Transfer(StateStream.ForTouching());

    private void Infer(ref PipelineEvent e, long startNs)
    {
        try
        {
            inference.OnEvent(ref e);
        }
        catch (Exception cause)
        {
            throw new StageException("inference", cause);
        }

        if (!IsTimed(ref e))
            return;

        e.Timestamps.InferenceDoneNs = NanoClock.NowNs();
        if (e.Decision.Lateness == DecisionLateness.None && !e.Signal.IsRepeated)
            pace.Observe(e.Timestamps.InferenceDoneNs - startNs);
    }

    private static bool IsTimed(ref PipelineEvent e) => e.Header.Kind == EventKind.TradeQualified;
}
