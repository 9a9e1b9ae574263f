using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>What came in from one sender on one stream.</summary>
/// <param name="Session">The sender's session id; null: all senders that no place was left for.</param>
/// <param name="Received">Messages that came in.</param>
/// <param name="Refused">Of these, the messages that did not pass the edge.</param>
public readonly record struct SenderCounts(int? Session, long Received, long Refused);

/// <summary>
/// Counts what comes in on one stream, by sender. The polling thread counts; others may read at any time and see each
/// count whole.
/// </summary>
public sealed class StreamAccount(int stream)
{
    /// <summary>Senders that are told apart; what comes from more than these is counted in one sum.</summary>
    public const int MaxSenders = 32;

    private readonly int[] _sessions = new int[MaxSenders];
    private readonly long[] _received = new long[MaxSenders + 1];
    private readonly long[] _refused = new long[MaxSenders + 1];
    private readonly long[] _reasons = new long[RejectCounters.ReasonCount];
    private int _senders;
    private int _latest;

    /// <summary>The stream's id.</summary>
    public int Stream => stream;

    /// <summary>All senders in the order in which they came.</summary>
    public IReadOnlyList<SenderCounts> Senders
    {
        get
        {
            // Paired with the write in PlaceOf: a sender that is seen here has its session.
            var senders = Volatile.Read(ref _senders);
            var counts = new List<SenderCounts>(senders + 1);
            for (var i = 0; i < senders; i++)
                counts.Add(CountsAt(i, _sessions[i]));
            if (Volatile.Read(ref _received[MaxSenders]) > 0)
                counts.Add(CountsAt(MaxSenders, null));
            return counts;
        }
    }

    /// <summary>Messages of all senders that were refused for a reason.</summary>
    public long RefusedFor(RejectReason reason) => Volatile.Read(ref _reasons[(int)reason]);

    /// <summary>A message of a sender came in. For the polling thread alone.</summary>
    public void CountReceived(int session)
    {
        var place = _latest;
        if (place >= _senders || _sessions[place] != session)
            place = _latest = PlaceOf(session);

        // The partner of this and the other writes is whoever reads; a plain add suffices for a single writer.
        Volatile.Write(ref _received[place], _received[place] + 1);
    }

    /// <summary>The message that came in last was refused. For the polling thread alone.</summary>
    public void CountRefused(RejectReason reason)
    {
        Volatile.Write(ref _refused[_latest], _refused[_latest] + 1);
        Volatile.Write(ref _reasons[(int)reason], _reasons[(int)reason] + 1);
    }

    private int PlaceOf(int session)
    {
        var known = _sessions.AsSpan(0, _senders).IndexOf(session);
        if (known >= 0)
            return known;

        if (_senders == MaxSenders)
            return MaxSenders;

        _sessions[_senders] = session;
        // Paired with the read in Senders.
        Volatile.Write(ref _senders, _senders + 1);
        return _senders - 1;
    }

    private SenderCounts CountsAt(int place, int? session) =>
        new(session, Volatile.Read(ref _received[place]), Volatile.Read(ref _refused[place]));
}
