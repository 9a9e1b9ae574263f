using System.Diagnostics;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Commands;

/// <summary>A command to a running pipeline, but for its id and time.</summary>
public sealed record CommandRequest(CommandKind Kind)
{
    /// <summary>The instrument's id; null: all of them.</summary>
    public uint? Instrument { get; init; }

    /// <summary>The operator's reason code, for the audit trail.</summary>
    public int Reason { get; init; } = 1;

    /// <summary>The number of whoever gives it, for the audit trail; 0: it is not said.</summary>
    public uint OperatorId { get; init; }

    /// <summary>The first four bytes of a version of models; 0: none.</summary>
    public uint ModelPrefix { get; init; }

    /// <summary>In basis points.</summary>
    public ushort CanaryShareBps { get; init; }

    /// <summary>The parent order's id; null: it concerns none.</summary>
    public ulong? ParentId { get; init; }

    /// <summary>The contracts that an amended parent order shall execute in all; 0: it is not amended.</summary>
    public int Quantity { get; init; }
}

/// <summary>What the ring answered: a refusal, or a result for each instrument that the command concerned.</summary>
public sealed class CommandAnswer
{
    /// <summary>Why it was refused, in words; null: it was not.</summary>
    public string? Refusal { get; internal set; }

    /// <summary>By instrument, in the order of the ring.</summary>
    public List<InstrumentResult> Results { get; } = [];

    /// <summary>The parent orders that a query was answered with.</summary>
    public List<ListedParent> Parents { get; } = [];
}

/// <summary>A PARENT_ORDER_STATE.</summary>
public sealed record ListedParent(
    ulong ParentId,
    ulong SignalId,
    uint Instrument,
    Side Side,
    ExecutionStrategy Strategy,
    OrderPurpose Purpose,
    ParentOrderState State,
    int Executed,
    int Quantity,
    int Children);

/// <summary>A COMMAND_RESULT.</summary>
public sealed record InstrumentResult
{
    public uint Instrument { get; init; }

    public int Instruments { get; init; }

    public int Position { get; init; }

    public int WorkingOrders { get; init; }

    public int CancelsSent { get; init; }

    public int ClosingQuantity { get; init; }

    public int TradesToday { get; init; }

    public int OrdersInSecond { get; init; }

    public int ParentsListed { get; init; }

    public bool IsEntriesStopped { get; init; }

    public RoutingOutcome Outcome { get; init; }

    public bool IsKillSwitchLatched { get; init; }

    public KillCause KillCause { get; init; }

    public RiskChanges Changes { get; init; }

    public ushort Breakers { get; init; }

    public double DailyDrawdown { get; init; }

    public long EquityE6 { get; init; }

    public long RealizedPnlE6 { get; init; }

    public long UnrealizedPnlE6 { get; init; }

    /// <summary>The state of a breaker.</summary>
    public BreakerState BreakerOf(BreakerKind kind) => (BreakerState)(Breakers >> (2 * (int)kind) & 3);
}

/// <summary>
/// Sends commands to a running pipeline over its command stream, and waits for the ring's answers on its outbound
/// stream.
/// </summary>
public sealed class CommandClient : IDisposable, IFragmentHandler
{
    private const int MessagesPerPoll = 64;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(1);

    private readonly string _folder;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancel;
    private readonly AeronClient _aeron;
    private readonly Subscription _outbound;
    private readonly ExclusivePublication _commands;
    private readonly AeronChannel _channel;
    private readonly byte[] _message = new byte[Schema.MaxEncodedLength];
    private CommandAnswer _answer = new();
    private ulong _id;
    private volatile string? _clientProblem;

    /// <param name="folder">The folder of the media driver that the pipeline is reached through.</param>
    /// <param name="streams">The pipeline's.</param>
    /// <param name="timeout">How long to wait for a pipeline, and again for each answer.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="CommandLine.UsageException">No driver runs in that folder.</exception>
    /// <exception cref="TimeoutException">No pipeline takes commands there.</exception>
    /// <exception cref="IOException">The driver has gone.</exception>
    public CommandClient(string folder, StreamOptions streams, TimeSpan timeout, CancellationToken cancel)
    {
        DriverDirectories.MustHoldADriver(folder);
        (_folder, _timeout, _cancel) = (folder, timeout, cancel);
        _aeron = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(folder)
            .ErrorHandler(new CallbackErrorHandler(KeepProblem)));
        try
        {
            // First the way back, so that no answer is missed.
            _outbound = _aeron.AddSubscription(streams.OutboundChannel, streams.OutboundStream);
            _commands = _aeron.AddExclusivePublication(streams.InputChannel, streams.CommandStream);
            _channel = new AeronChannel(_commands);
            Await(
                () => _channel.IsConnected && _outbound.IsConnected, $"no pipeline takes commands in {folder}");
        }
        catch
        {
            _aeron.Dispose();
            throw;
        }
    }

    /// <summary>Messages that the pipeline published since the start, by template id.</summary>
    public Dictionary<int, long> Seen { get; } = [];

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="TimeoutException">There is none in time: what became of the command is not known.</exception>
    public CommandAnswer Execute(CommandRequest request)
    {
        var nowNs = NanoClock.NowNs() + NanoClock.WallAheadNs();
        _id = Math.Max((ulong)nowNs, _id + 1);
        _answer = new CommandAnswer();
        _ = new CommandEncoder(_channel.Message)
        {
            CommandId = _id,
            Kind = request.Kind,
            Reason = request.Reason,
            OperatorId = request.OperatorId,
            SendTimeNs = nowNs,
            InstrumentId = request.Instrument ?? WireNull.UInt32,
            ModelPrefix = request.ModelPrefix,
            CanaryShareBps = request.CanaryShareBps,
            ParentId = request.ParentId ?? WireNull.UInt64,
            Quantity = request.Quantity,
        };
        Await(
            () => _channel.Send(CommandEncoder.EncodedLength) == SendResult.Sent,
            $"the pipeline in {_folder} takes no commands in");
        Await(
            () => Poll() && HasWholeAnswer(request),
            $"the pipeline in {_folder} did not answer: whether it did what was asked for is not known");
        return _answer;
    }

    /// <summary>Reads what the pipeline publishes for a while.</summary>
    /// <returns>How long it really took: a machine that stalls makes it longer.</returns>
    public TimeSpan Watch(TimeSpan time)
    {
        var watched = Stopwatch.StartNew();
        while (watched.Elapsed < time)
        {
            Poll();
            if (_cancel.WaitHandle.WaitOne(LookInterval))
                _cancel.ThrowIfCancellationRequested();
        }

        Poll();
        return watched.Elapsed;
    }

    public void Dispose()
    {
        _commands.Dispose();
        _outbound.Dispose();
        _aeron.Dispose();
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        if (length > _message.Length)
            return;

        buffer.GetBytes(offset, _message, 0, length);
        if (!MessageHeader.TryRead(_message.AsSpan(0, length), out var wire))
            return;

        Seen[wire.TemplateId] = Seen.GetValueOrDefault(wire.TemplateId) + 1;
        if (CommandResultDecoder.TryWrap(_message.AsSpan(0, length), out var result) && result.CommandId == _id)
            _answer.Results.Add(Read(result));
        else if (ParentOrderStateDecoder.TryWrap(_message.AsSpan(0, length), out var parent) && parent.CommandId == _id)
            _answer.Parents.Add(Read(parent));
        else if (ExecutionErrorDecoder.TryWrap(_message.AsSpan(0, length), out var error) && error.CorrelationId == _id)
            _answer.Refusal ??= Words(error);
    }

    // On the client's own thread, which would write a stack trace otherwise.
    private void KeepProblem(Exception problem) =>
        _clientProblem ??= problem is AeronException known ? known.Reason : problem.Message;

    private bool Poll()
    {
        while (_outbound.Poll(this, MessagesPerPoll) > 0)
        {
            // Nothing may wait behind what other readers hold up.
        }

        return true;
    }

    private bool HasWholeAnswer(CommandRequest request)
    {
        if (_answer.Refusal is not null)
            return true;
        if (_answer.Results.Count == 0)
            return false;

        var isOne = request.Instrument is not null || request.Kind == CommandKind.Resume
            || request.Kind >= CommandKind.DeployModel;
        return _answer.Results.Count >= (isOne ? 1 : _answer.Results[0].Instruments)
            && _answer.Parents.Count >= _answer.Results.Sum(static result => result.ParentsListed);
    }

    private static ListedParent Read(ParentOrderStateDecoder parent) => new(
        parent.ParentId, parent.SignalId, parent.InstrumentId, parent.Side, parent.Strategy, parent.Purpose,
        parent.State, parent.Executed, parent.Quantity, parent.Children);

    private static InstrumentResult Read(CommandResultDecoder result) => new()
    {
        Instrument = result.InstrumentId,
        Instruments = result.Instruments,
        Position = result.Position,
        WorkingOrders = result.WorkingOrders,
        CancelsSent = result.CancelsSent,
        ClosingQuantity = result.ClosingQuantity,
        TradesToday = result.TradesToday,
        OrdersInSecond = result.OrdersInSecond,
        ParentsListed = result.ParentsListed,
        IsEntriesStopped = result.IsEntriesStopped,
        Outcome = result.Outcome,
        IsKillSwitchLatched = result.IsKillSwitchLatched,
        KillCause = result.KillCause,
        Changes = result.Changes,
        Breakers = result.Breakers,
        DailyDrawdown = result.DailyDrawdown,
        EquityE6 = result.EquityE6,
        RealizedPnlE6 = result.RealizedPnlE6,
        UnrealizedPnlE6 = result.UnrealizedPnlE6,
    };

    private static string Words(ExecutionErrorDecoder error)
    {
        if (error.Code != ExecutionErrorCode.IngressRejected)
            return error.Code == ExecutionErrorCode.NoCapacity ? "there is no room for the order" : $"{error.Code}";

        return (RejectReason)error.Reason switch
        {
            RejectReason.UnknownInstrument => "no such instrument is configured",
            RejectReason.ModelRefused => "the models cannot be used so: the pipeline's console says why",
            var reason => RejectCounters.NameOf(reason).Replace('_', ' '),
        };
    }

    private void Await(Func<bool> condition, string problem)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (_cancel.WaitHandle.WaitOne(LookInterval))
                _cancel.ThrowIfCancellationRequested();
            if (_clientProblem is { } lost)
                throw new IOException($"{problem}: {lost}");
            if (waited.Elapsed > _timeout)
                throw new TimeoutException(problem);
        }
    }
}
