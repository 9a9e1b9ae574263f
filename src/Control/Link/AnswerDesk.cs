using System.Collections.Concurrent;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Link;

/// <summary>What the ring answered to a command or a signal, as the messages themselves.</summary>
public sealed class RingAnswer
{
    /// <summary>A query lists so many parent orders of an instrument at most, the newest.</summary>
    private const int MostListed = 1_000;

    /// <summary>EXECUTION_ERROR; null: it was not refused at the edge.</summary>
    public byte[]? Refusal { get; internal set; }

    /// <summary>COMMAND_RESULT for each instrument that the command concerned.</summary>
    public List<byte[]> Results { get; } = [];

    /// <summary>PARENT_ORDER_STATE of the parents that a query listed.</summary>
    public List<byte[]> Parents { get; } = [];

    /// <summary>DECISION of a signal.</summary>
    public byte[]? Decision { get; internal set; }

    /// <summary>SIGNAL_LATENCY of a signal that asked for it; null: it was decided before.</summary>
    public byte[]? Latency { get; internal set; }

    /// <summary>
    /// Whether a query of all instruments says that a parent order has ended: its instrument lists all that it has, and
    /// not this one.
    /// </summary>
    /// <param name="parentId">The parent's.</param>
    /// <param name="instrument">The id of its instrument.</param>
    public bool HasEnded(ulong parentId, uint instrument)
    {
        var listed = 0;
        foreach (var message in Parents)
        {
            if (!ParentOrderStateDecoder.TryWrap(message, out var parent) || parent.InstrumentId != instrument)
                continue;
            if (parent.ParentId == parentId || ++listed == MostListed)
                return false;
        }

        return true;
    }
}

/// <summary>Brings the ring's answers to those who wait for them, by the id that the question had.</summary>
public sealed class AnswerDesk
{
    private readonly ConcurrentDictionary<ulong, Waiting> _commands = new();
    private readonly ConcurrentDictionary<ulong, Waiting> _signals = new();

    /// <summary>Waits for the whole answer to a command, from now on.</summary>
    /// <param name="id">The command's.</param>
    /// <param name="isOne">Whether one result is the whole answer, however many instruments there are.</param>
    public Task<RingAnswer> ExpectCommand(ulong id, bool isOne) => Expect(_commands, id, isOne);

    /// <summary>Waits for the decision on a signal, or its refusal, from now on.</summary>
    public Task<RingAnswer> ExpectSignal(ulong id) => Expect(_signals, id, isOne: true);

    /// <summary>Nobody waits for it any longer.</summary>
    public void Forget(ulong id)
    {
        _commands.TryRemove(id, out _);
        _signals.TryRemove(id, out _);
    }

    /// <summary>Looks whether a message is an answer. One thread at a time.</summary>
    public void Take(ReadOnlySpan<byte> message)
    {
        if (_commands.IsEmpty && _signals.IsEmpty)
            return;

        if (CommandResultDecoder.TryWrap(message, out var result) && Find(_commands, result.CommandId) is { } asked)
            asked.AddResult(message, result.Instruments, result.ParentsListed);
        else if (ParentOrderStateDecoder.TryWrap(message, out var parent)
            && Find(_commands, parent.CommandId) is { } listing)
            listing.AddParent(message);
        else if (SignalLatencyDecoder.TryWrap(message, out var latency)
            && Find(_signals, latency.SignalId) is { } measured)
            measured.TellLatency(message);
        else if (DecisionDecoder.TryWrap(message, out var decision)
            && Find(_signals, decision.SignalId) is { } signal)
            signal.Decide(message);
        else if (ExecutionErrorDecoder.TryWrap(message, out var error)
            && error.Code == ExecutionErrorCode.IngressRejected)
            Refuse(error, message);
    }

    private void Refuse(ExecutionErrorDecoder error, ReadOnlySpan<byte> message)
    {
        var asked = error.RefusedTemplateId == CommandLayout.TemplateId ? _commands : _signals;
        Find(asked, error.CorrelationId)?.Refuse(message);
    }

    private static Task<RingAnswer> Expect(ConcurrentDictionary<ulong, Waiting> asked, ulong id, bool isOne) =>
        asked.GetOrAdd(id, _ => new Waiting(isOne)).Task;

    private static Waiting? Find(ConcurrentDictionary<ulong, Waiting> asked, ulong id) => asked.GetValueOrDefault(id);

    private sealed class Waiting(bool isOne)
    {
        private readonly TaskCompletionSource<RingAnswer> _done =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly RingAnswer _answer = new();
        private int _instruments = 1;
        private int _parents;

        public Task<RingAnswer> Task => _done.Task;

        public void AddResult(ReadOnlySpan<byte> message, int instruments, int parents)
        {
            _answer.Results.Add(message.ToArray());
            _instruments = isOne ? 1 : instruments;
            _parents += parents;
            EndWhereWhole();
        }

        public void AddParent(ReadOnlySpan<byte> message)
        {
            _answer.Parents.Add(message.ToArray());
            EndWhereWhole();
        }

        public void TellLatency(ReadOnlySpan<byte> message) => _answer.Latency = message.ToArray();

        public void Decide(ReadOnlySpan<byte> message)
        {
            _answer.Decision = message.ToArray();
            _done.TrySetResult(_answer);
        }

        public void Refuse(ReadOnlySpan<byte> message)
        {
            _answer.Refusal = message.ToArray();
            _done.TrySetResult(_answer);
        }

        private void EndWhereWhole()
        {
            if (_answer.Results.Count >= _instruments && _answer.Parents.Count >= _parents)
                _done.TrySetResult(_answer);
        }
    }
}
