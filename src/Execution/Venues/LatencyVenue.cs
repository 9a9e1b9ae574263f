using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>How long the way to a venue and back takes.</summary>
public sealed record VenueLatencyOptions
{
    /// <summary>What a request or a report takes on its way, in nanoseconds. Default 250,000.</summary>
    public long LatencyNs { get; init; } = 250_000;

    /// <summary>The most that is added to each way at random, in nanoseconds. Default 50,000.</summary>
    public long JitterNs { get; init; } = 50_000;

    /// <summary>Of the jitter. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether requests and reports are there at once.</summary>
    public bool IsNone => LatencyNs == 0 && JitterNs == 0;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (LatencyNs < 0 || JitterNs < 0)
            throw new ArgumentException("venue latency: set latency and jitter to 0 ns or more.");
    }
}

/// <summary>
/// The way to a venue, on which requests and reports take their time, as over a network: a constant one and a seeded
/// random one. Neither overtakes one that was sent before. Whoever runs it lets time pass by <see cref="AdvanceTo"/>.
/// </summary>
public sealed class LatencyVenue : IVenueGateway, IReportSink, IStateful
{
    private const int MessageCapacity = 65_536;

    private readonly TimedQueue<VenueMessage> _messages = new(MessageCapacity);
    private readonly VenueLatencyOptions _options;
    private readonly IReportSink _sink;
    private IVenueGateway? _venue;
    private VenueDice _dice;
    private long _lastThereNs;
    private long _lastBackNs;
    private long _venueNs;

    /// <param name="options">Validated here.</param>
    /// <param name="sink">Takes the reports once they have come back.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LatencyVenue(VenueLatencyOptions options, IReportSink sink)
    {
        options.Validate();
        _options = options;
        _sink = sink;
        _dice = new VenueDice(options.Seed);
    }

    /// <summary>When the next request or report arrives; the greatest time where none is on its way.</summary>
    public long NextNs => _messages.NextNs;

    /// <summary>Sets the venue at the other end, whose sink this is. Before the first request.</summary>
    public void Connect(IVenueGateway venue) => _venue = venue;

    /// <summary>Lets arrive what is due by a time, in order.</summary>
    public void AdvanceTo(long timeNs)
    {
        while (_messages.TryTake(timeNs, out var message, out var dueNs))
        {
            switch (message.Kind)
            {
                case VenueMessageKind.Submit:
                    Venue.Submit(message.Order, dueNs);
                    break;
                case VenueMessageKind.Cancel:
                    Venue.Cancel(message.Order, dueNs);
                    break;
                case VenueMessageKind.Replace:
                    Venue.Replace(message.Order, message.Terms, dueNs);
                    break;
                case VenueMessageKind.Status:
                    _venueNs = dueNs;
                    Venue.RequestStatus(message.Order, dueNs);
                    break;
                case VenueMessageKind.OpenOrders:
                    Venue.RequestOpenOrders(dueNs);
                    break;
                default:
                    _sink.OnReport(message.Report);
                    break;
            }
        }
    }

    public void Submit(in Order order, long timeNs) => Send(VenueMessageKind.Submit, order, default, timeNs);

    public void Cancel(in Order order, long timeNs) => Send(VenueMessageKind.Cancel, order, default, timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs) =>
        Send(VenueMessageKind.Replace, order, terms, timeNs);

    public bool TryCancelAll(long timeNs) => Venue.TryCancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs) => Send(VenueMessageKind.Status, order, default, timeNs);

    public void RequestOpenOrders(long timeNs) => Send(VenueMessageKind.OpenOrders, default, default, timeNs);

    public void OnReport(in ExecutionReport report)
    {
        // An execution that is reported again is older than the request that it answers.
        _lastBackNs = Math.Max(_lastBackNs, ArrivalNs(Math.Max(_venueNs, report.VenueTimeNs)));
        Room(_lastBackNs, VenueMessageKind.Report).Report = report;
    }

    private IVenueGateway Venue => _venue ?? throw new InvalidOperationException("There is no venue at the other end.");

    public void Transfer(StateStream state)
    {
        if (_venue is not IStateful venue)
            throw new NotSupportedException("the state of the venue at the other end cannot be saved.");

        state.Section("way to the venue");
        _messages.Transfer(state);
        state.Value(ref _dice);
        state.Value(ref _lastThereNs);
        state.Value(ref _lastBackNs);
        state.Value(ref _venueNs);
        venue.Transfer(state);
    }

    private void Send(VenueMessageKind kind, in Order order, in OrderTerms terms, long timeNs)
    {
        _lastThereNs = Math.Max(_lastThereNs, ArrivalNs(timeNs));
        ref var message = ref Room(_lastThereNs, kind);
        message.Order = order;
        message.Terms = terms;
    }

    private ref VenueMessage Room(long dueNs, VenueMessageKind kind)
    {
        if (_messages.IsFull)
            throw new InvalidOperationException($"{MessageCapacity} messages are on their way to the venue and back.");

        ref var message = ref _messages.Add(dueNs);
        message.Kind = kind;
        return ref message;
    }

    private long ArrivalNs(long timeNs) => timeNs + _options.LatencyNs + _dice.UpToNs(_options.JitterNs);
}
