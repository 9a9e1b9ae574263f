using System.Numerics;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Says of each execution report, once and for all stages, what it amounts to. It knows of every order how much has
/// been booked, and of the last executions their ids; both from reports alone, so that the first stage can have it.
/// What a report's cumulative quantity shows beyond what was booked and what it tells is an execution that was never
/// reported: it is booked with it, at its price. All memory is taken at start; each report costs O(1); one thread.
/// </summary>
public sealed class ExecutionLedger : IStateful
{
    /// <summary>
    /// Orders told apart; the place of an id is its remainder. Ids grow, and the place of an order that is not settled
    /// is not given to another.
    /// </summary>
    public const int OrderPlaces = 32_768;

    private readonly InstrumentTable _instruments;
    private readonly TradingDay _day;
    private readonly RecentExecutions _executions;
    private readonly Entry[] _orders;

    /// <param name="instruments">Of the reports' indices.</param>
    /// <param name="day">Bounds the uniqueness of execution ids.</param>
    /// <param name="executionsRemembered">The window of execution ids.</param>
    /// <param name="places">Orders told apart, a power of two.</param>
    public ExecutionLedger(
        InstrumentTable instruments, TradingDay day, int executionsRemembered, int places = OrderPlaces)
    {
        _orders = new Entry[CheckedPlaces(places)];
        _instruments = instruments;
        _day = day;
        _executions = new RecentExecutions(executionsRemembered);
    }

    /// <summary>Executions that were booked already and came again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Contracts booked whose execution was never reported.</summary>
    public long InferredQuantity { get; private set; }

    /// <summary>Contracts booked beyond what was ordered.</summary>
    public long OverfilledQuantity { get; private set; }

    /// <summary>The id of the execution that brings an order's inferred quantity to a cumulative one.</summary>
    public static ulong InferredId(ulong orderId, int cumulativeQuantity) =>
        1UL << 63 | (new ExecutionKey((ulong)cumulativeQuantity, orderId, 0, 0).Hash >> 1);

    /// <summary>Where an order is kept among so many places: the remainder of its number.</summary>
    public static int PlaceOf(ulong orderId, int places) => (int)OrderIds.NumberOf(orderId) & (places - 1);

    /// <summary>A number of places.</summary>
    /// <exception cref="ArgumentException">It is no power of two.</exception>
    public static int CheckedPlaces(int places) => places > 0 && BitOperations.IsPow2(places)
        ? places
        : throw new ArgumentException($"{places} is no power of two.", nameof(places));

    /// <summary>Resolves a report and takes it in.</summary>
    /// <param name="report">Of an instrument of the table.</param>
    /// <param name="timeNs">The event's.</param>
    /// <param name="markPriceE9">What an inferred execution is booked at where the report has no price.</param>
    /// <param name="resolution">Written whole.</param>
    public void Resolve(
        in ExecutionReport report, long timeNs, long markPriceE9, out ExecutionResolution resolution)
    {
        resolution = default;
        if (report.IsOfParent || report.IsOfVenue)
        {
            resolution.Disposition = ReportDisposition.Applied;
            resolution.Ended = report.IsOfVenue ? (byte)0 : (byte)1;
            return;
        }

        ref var order = ref _orders[PlaceOf(report.OrderId, _orders.Length)];
        if (report.IsAdoption)
        {
            resolution.Disposition = ReportDisposition.Applied;
            resolution.Left = order.OrderId == report.OrderId ? order.LeftOf(report) : report.LeavesQuantity;
            return;
        }

        var isSound = IsSound(report);
        if (isSound && OrderIds.NumberOf(order.OrderId) < OrderIds.NumberOf(report.OrderId))
            order = new Entry(report);

        var isKnown = order.OrderId == report.OrderId && report.OrderId != 0;
        if (!isSound || (isKnown && !order.IsOf(report)))
            resolution.Disposition = ReportDisposition.Illegal;
        else if (report.Kind == ExecutionReportKind.Trade && IsBooked(report, timeNs))
            resolution.Disposition = ReportDisposition.Duplicate;
        else if (isKnown)
            ResolveKnown(ref order, report, ref resolution);
        else
            ResolveForgotten(report, ref resolution);

        if (resolution.Booked > 0)
            Book(report, timeNs, markPriceE9, ref resolution);
        else if (report.Kind == ExecutionReportKind.Trade && resolution.Disposition == ReportDisposition.Duplicate)
            Duplicates++;
    }

    /// <summary>The trading day is the account's, and passes with it.</summary>
    public void Transfer(StateStream state)
    {
        _executions.Transfer(state);
        state.Array(_orders);
        Duplicates = state.Next(Duplicates);
        InferredQuantity = state.Next(InferredQuantity);
        OverfilledQuantity = state.Next(OverfilledQuantity);
    }

    private static bool IsSound(in ExecutionReport report) =>
        report.Kind is > ExecutionReportKind.None and <= ExecutionReportKind.Status
        && (report.Kind != ExecutionReportKind.Trade || report is { LastQuantity: > 0, LastPriceE9: > 0 });

    private bool IsBooked(in ExecutionReport report, long timeNs) =>
        report.ExecutionId != 0 && _executions.Contains(KeyOf(report, timeNs));

    /// <summary>The day is the venue's, so that a report that is sent again on the next one is known.</summary>
    private ExecutionKey KeyOf(in ExecutionReport report, long timeNs) => new(
        report.ExecutionId,
        report.OrderId,
        (int)_day.NumberAt(report.VenueTimeNs > 0 ? report.VenueTimeNs : timeNs),
        report.Venue);

    private void ResolveKnown(ref Entry order, in ExecutionReport report, ref ExecutionResolution resolution)
    {
        var isTrade = report.Kind == ExecutionReportKind.Trade;
        var told = isTrade ? report.LastQuantity : 0;
        var cumulative = isTrade && report.CumulativeQuantity == 0
            ? order.CumulativeQuantity + told
            : report.CumulativeQuantity;
        resolution.Booked = Math.Max(0, cumulative - order.CumulativeQuantity);
        resolution.Inferred = Math.Max(0, resolution.Booked - told);
        var isOld = order.IsOld(report);
        order.LearnQuantity(report, isOld);
        resolution.Disposition = order.Judge(report, resolution, isOld);

        OverfilledQuantity += order.Execute(resolution.Booked);
        resolution.Left = report.IsWorkingStatus ? order.LeftOf(report) : 0;
        if (order.CanEndBy(report))
        {
            // What was executed whole has ended by that, whatever told it.
            order.End = Entry.EndOf(report) is var end and not ExecutionReportKind.None
                ? end
                : ExecutionReportKind.Trade;
            resolution.Ended = 1;
        }
    }

    /// <summary>What an order that is no longer known had executed before cannot be told: the report's word counts.
    /// </summary>
    private static void ResolveForgotten(in ExecutionReport report, ref ExecutionResolution resolution)
    {
        resolution.Disposition = ReportDisposition.Unknown;
        resolution.Left = report.IsWorkingStatus ? report.LeavesQuantity : 0;
        resolution.Booked = report.Kind == ExecutionReportKind.Trade ? report.LastQuantity : 0;
        resolution.Ended = Entry.EndOf(report) == ExecutionReportKind.None ? (byte)0 : (byte)1;
    }

    private void Book(in ExecutionReport report, long timeNs, long markPriceE9, ref ExecutionResolution resolution)
    {
        var told = resolution.Booked - resolution.Inferred;
        if (report.ExecutionId != 0 && told > 0)
            _executions.Add(KeyOf(report, timeNs));
        if (resolution.Inferred > 0)
            resolution.InferredExecutionId = InferredId(report.OrderId, report.CumulativeQuantity);

        InferredQuantity += resolution.Inferred;
        // No order is approved before there is a price: the tick is for reports of orders that nobody sent.
        resolution.PriceE9 = report.LastPriceE9 > 0
            ? report.LastPriceE9
            : Math.Max(markPriceE9, _instruments[report.InstrumentIndex].TickSizeE9);
        // Of a report whose execution is known in part, the fee's share; of what was inferred, the usual fee.
        var toldFeeE6 = told == 0 ? 0 : (long)((Int128)report.FeeE6 * told / report.LastQuantity);
        resolution.FeeE6 = toldFeeE6
            + resolution.Inferred * _instruments[report.InstrumentIndex].FeePerContractE6;
    }

    private struct Entry(in ExecutionReport report)
    {
        public readonly ulong OrderId = report.OrderId;
        public readonly int Instrument = report.InstrumentIndex;
        public readonly Side Side = report.Side;

        /// <summary>How it ended; none while it works.</summary>
        public ExecutionReportKind End;

        private bool _isAcknowledged;
        private int _quantity;
        private long _quantityNs;
        private ulong _quantityId;

        public int CumulativeQuantity { get; private set; }

        /// <summary>The end that a report tells by itself: an order that never arrived was not taken.</summary>
        public static ExecutionReportKind EndOf(in ExecutionReport report) => report.Kind switch
        {
            ExecutionReportKind.Cancelled or ExecutionReportKind.Rejected or ExecutionReportKind.Expired => report.Kind,
            ExecutionReportKind.Status when report.IsUnknownOrder => ExecutionReportKind.Rejected,
            ExecutionReportKind.Status => report.Status switch
            {
                OrderStatus.Filled => ExecutionReportKind.Trade,
                OrderStatus.Cancelled => ExecutionReportKind.Cancelled,
                OrderStatus.Rejected => ExecutionReportKind.Rejected,
                OrderStatus.Expired => ExecutionReportKind.Expired,
                _ => ExecutionReportKind.None,
            },
            _ => ExecutionReportKind.None,
        };

        /// <summary>What is left of an order at its venue, after what came of it before this word of it.</summary>
        public readonly int LeftOf(in ExecutionReport report) => End != ExecutionReportKind.None
            ? 0
            : Math.Max(0, report.LeavesQuantity + report.CumulativeQuantity - CumulativeQuantity);

        public readonly bool IsOf(in ExecutionReport report) =>
            Instrument == report.InstrumentIndex && Side == report.Side;

        /// <summary>Contracts ordered: told, or what was executed, works and was released.</summary>
        public void LearnQuantity(in ExecutionReport report, bool isOld)
        {
            // The newest execution tells what is ordered, too: it may come before the word of a replacement.
            var isNewest = report.Kind == ExecutionReportKind.Trade
                && report.CumulativeQuantity > CumulativeQuantity
                && report.CumulativeQuantity + report.LeavesQuantity == report.OrderQuantity;
            var isTold = report.Kind
                is ExecutionReportKind.Replaced or ExecutionReportKind.Restated or ExecutionReportKind.Status
                && !isOld;
            if (report.OrderQuantity > 0 && (isNewest || isTold))
            {
                _quantity = report.OrderQuantity;
                _quantityNs = report.VenueTimeNs;
                _quantityId = report.ExecutionId;
            }

            if (_quantity != 0)
                return;

            _quantity = report.OrderQuantity > 0
                ? report.OrderQuantity
                : report.CumulativeQuantity + report.LeavesQuantity + report.ReleasedQuantity;
        }

        /// <summary>
        /// Whether the same or a newer word on the quantity came before: messages can be delayed and repeated. A venue
        /// that tells no times is taken at its last word.
        /// </summary>
        public readonly bool IsOld(in ExecutionReport report) => report.IsOlderThan(_quantityNs)
            || report.IsRepeatOf(_quantityNs, _quantityId);

        public ReportDisposition Judge(in ExecutionReport report, in ExecutionResolution resolution, bool isOld)
        {
            var kind = report.Kind;
            var isFirst = !_isAcknowledged;
            _isAcknowledged = true;
            if (resolution.Booked > 0)
            {
                if (_quantity > 0 && CumulativeQuantity + resolution.Booked > _quantity)
                    return ReportDisposition.Overfill;
                if (End != ExecutionReportKind.None)
                    return ReportDisposition.Late;
                return resolution.Inferred > 0 ? ReportDisposition.Inferred : ReportDisposition.Applied;
            }

            return kind switch
            {
                ExecutionReportKind.Trade => ReportDisposition.Duplicate,
                ExecutionReportKind.Status when EndOf(report) != ExecutionReportKind.None =>
                    End == ExecutionReportKind.None ? ReportDisposition.Applied : ReportDisposition.Duplicate,
                ExecutionReportKind.Replaced or ExecutionReportKind.Restated when isOld =>
                    ReportDisposition.Duplicate,
                ExecutionReportKind.CancelRejected or >= ExecutionReportKind.Replaced =>
                    End == ExecutionReportKind.None ? ReportDisposition.Applied : ReportDisposition.Late,
                ExecutionReportKind.New when isFirst => ReportDisposition.Applied,
                ExecutionReportKind.New when CumulativeQuantity > 0 || End != ExecutionReportKind.None =>
                    ReportDisposition.Late,
                ExecutionReportKind.New => ReportDisposition.Duplicate,
                _ when End == ExecutionReportKind.None => ReportDisposition.Applied,
                _ => End == kind ? ReportDisposition.Duplicate : ReportDisposition.Illegal,
            };
        }

        /// <summary>Takes executions in. Returns those of them that are beyond the quantity ordered.</summary>
        public int Execute(int quantity)
        {
            var before = CumulativeQuantity;
            CumulativeQuantity += quantity;
            return _quantity == 0 ? 0 : Math.Max(0, CumulativeQuantity - Math.Max(before, _quantity));
        }

        /// <summary>Whether a report ends it now.</summary>
        public readonly bool CanEndBy(in ExecutionReport report)
        {
            if (End != ExecutionReportKind.None)
                return false;

            return EndOf(report) != ExecutionReportKind.None || (_quantity > 0 && CumulativeQuantity >= _quantity);
        }
    }
}
