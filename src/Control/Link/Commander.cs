using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Link;

/// <summary>A command to the pipeline, but for its id and time.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Reason">The reason code for the audit trail.</param>
/// <param name="OperatorId">Who gives it, for the audit trail.</param>
public sealed record RingCommand(CommandKind Kind, int Reason, uint OperatorId)
{
    /// <summary>The instrument's id; null: all of them.</summary>
    public uint? Instrument { get; init; }

    /// <summary>The parent order's id; null: it concerns none.</summary>
    public ulong? ParentId { get; init; }

    /// <summary>The first four bytes of a version of the models; 0: none.</summary>
    public uint ModelPrefix { get; init; }

    /// <summary>The share of the signals that a canary decides, in basis points.</summary>
    public ushort CanaryShareBps { get; init; }

    /// <summary>Whether one result is the whole answer, however many instruments there are.</summary>
    public bool IsOne => Instrument is not null || Kind == CommandKind.Resume
        || Kind is >= CommandKind.DeployModel and <= CommandKind.RollbackModel;
}

/// <summary>What became of something that was sent to the ring.</summary>
/// <param name="Id">The id that it was sent with.</param>
/// <param name="IsSent">Whether the pipeline's stream took it.</param>
/// <param name="Answer">The ring's answer; null: there was none in time.</param>
public sealed record RingReply(ulong Id, bool IsSent, RingAnswer? Answer);

/// <summary>Sends commands and signals through the ring, and waits a while for what it answers.</summary>
public sealed class Commander(ControlOptions options, PipelineLink link, AnswerDesk desk)
{
    private static readonly TimeSpan ListingAge = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _listing = new(1, 1);
    private (DateTime At, RingReply Reply)? _listed;

    /// <summary>Sends a command and waits for its whole answer.</summary>
    public Task<RingReply> SendAsync(RingCommand command)
    {
        var id = link.NextId();
        var answer = desk.ExpectCommand(id, command.IsOne);
        return AskAsync(id, answer, () => link.TrySendCommand(bytes => _ = new CommandEncoder(bytes)
        {
            CommandId = id,
            Kind = command.Kind,
            Reason = command.Reason,
            OperatorId = command.OperatorId,
            SendTimeNs = NowNs(),
            InstrumentId = command.Instrument ?? WireNull.UInt32,
            ParentId = command.ParentId ?? WireNull.UInt64,
            ModelPrefix = command.ModelPrefix,
            CanaryShareBps = command.CanaryShareBps,
        }));
    }

    /// <summary>Sends a signal and waits for its decision.</summary>
    public Task<RingReply> SendSignalAsync(ulong signalId, SpanAction encode) =>
        AskAsync(signalId, desk.ExpectSignal(signalId), () => link.TrySendSignal(encode));

    /// <summary>What a query of all instruments answers now.</summary>
    public Task<RingReply> ListNowAsync() => SendAsync(new RingCommand(CommandKind.Query, 0, 0));

    /// <summary>
    /// What a query of all instruments answers. Several who ask within half a second get one answer, so that pages that
    /// are open cost the ring two events a second, however many they are.
    /// </summary>
    public async Task<RingReply> ListAsync()
    {
        await _listing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_listed is { } listed && NanoClock.UtcNow - listed.At < ListingAge)
                return listed.Reply;

            // No answer is one, too: else each who waits behind the others waits as long again.
            var reply = await ListNowAsync().ConfigureAwait(false);
            _listed = (NanoClock.UtcNow, reply);
            return reply;
        }
        finally
        {
            _listing.Release();
        }
    }

    /// <summary>The time of the system's clock in nanoseconds since the Unix epoch.</summary>
    public static long NowNs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private async Task<RingReply> AskAsync(ulong id, Task<RingAnswer> answer, Func<bool> trySend)
    {
        try
        {
            if (!trySend())
                return new RingReply(id, IsSent: false, null);

            return new RingReply(id, IsSent: true, await answer.WaitAsync(options.AnswerTimeout).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            return new RingReply(id, IsSent: true, null);
        }
        finally
        {
            desk.Forget(id);
        }
    }
}
