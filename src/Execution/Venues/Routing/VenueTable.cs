using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Routing;

/// <summary>One venue of several, as configured. Its number is its place in the list.</summary>
public sealed record RoutedVenueOptions
{
    /// <summary>For messages. No default.</summary>
    public string Name { get; init; } = "";

    /// <summary>What a contract costs there, in the account's currency; a rebate is negative. Default 0.</summary>
    public decimal Fee { get; init; }

    /// <summary>How long an order takes to it, in microseconds. Default 0.</summary>
    public int LatencyUs { get; init; }

    /// <summary>Whether it takes orders only when none of the others can. Default no.</summary>
    public bool IsBackup { get; init; }
}

/// <summary>What routing knows of a venue.</summary>
public struct VenueState
{
    /// <summary>In 1e-6 of the account's currency a contract.</summary>
    public long FeeE6;

    public long LatencyNs;
    public bool IsBackup;
    public bool IsUp;

    /// <summary>How much of the orders that it ends at once it fills.</summary>
    public VenueScore Fills;

    /// <summary>How often it takes orders, and answers in time.</summary>
    public VenueScore Reliability;
}

/// <summary>The venues that orders can be sent to, with what their reports have taught. One thread.</summary>
public sealed class VenueTable : IStateful
{
    /// <summary>The most venues.</summary>
    public const int MaxCount = 16;

    private readonly VenueState[] _venues;

    /// <param name="options">None: one venue without a fee of its own.</param>
    public VenueTable(IReadOnlyList<RoutedVenueOptions> options)
    {
        _venues = new VenueState[Math.Max(1, options.Count)];
        for (var i = 0; i < options.Count; i++)
        {
            _venues[i].FeeE6 = (long)(options[i].Fee * 1_000_000m);
            _venues[i].LatencyNs = options[i].LatencyUs * 1_000L;
            _venues[i].IsBackup = options[i].IsBackup;
        }

        foreach (ref var venue in _venues.AsSpan())
            venue.IsUp = true;
    }

    public int Count => _venues.Length;

    /// <summary>Venues that are not up: a bit each, by their numbers.</summary>
    public long Lost
    {
        get
        {
            var lost = 0L;
            for (var venue = 0; venue < _venues.Length; venue++)
            {
                if (!_venues[venue].IsUp)
                    lost |= 1L << venue;
            }

            return lost;
        }
    }

    public void Transfer(StateStream state) => state.Array(_venues);

    public ref VenueState this[int venue] => ref _venues[venue];

    /// <summary>The first venue that is up, a backup one only where no other is; -1 when none is.</summary>
    public int Preferred()
    {
        var backup = -1;
        for (var venue = 0; venue < _venues.Length; venue++)
        {
            if (!_venues[venue].IsUp)
                continue;
            if (!_venues[venue].IsBackup)
                return venue;
            if (backup < 0)
                backup = venue;
        }

        return backup;
    }

    /// <summary>
    /// Learns from an order that has ended. A refusal for the phase of the market, or by the pipeline's own gate, is no
    /// word on the venue.
    /// </summary>
    /// <param name="order">As it ended.</param>
    /// <param name="report">What told of it.</param>
    public void NoteEnd(in Order order, in ExecutionReport report)
    {
        ref var venue = ref _venues[order.Venue];
        var isRejected = order.Status == OrderStatus.Rejected;
        if (isRejected && (report.IsForPhase || report.IsOfGate))
            return;

        venue.Reliability.Note(isRejected ? 0 : 1, 1);
        if (order.IsImmediate && !isRejected)
            venue.Fills.Note(order.CumulativeQuantity, order.Quantity);
    }

    /// <summary>A request was not answered in time.</summary>
    public void NoteUnanswered(byte venue) => _venues[venue].Reliability.Note(0, 1);
}
