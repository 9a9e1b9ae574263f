using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Sources;

namespace ExecutionPipeline.Execution.Venues.Replay;

/// <summary>A replay's venue and the recorded book that it trades in, fed record by record.</summary>
public sealed class ReplayFeed
{
    private readonly RecordedBook _book;
    private DbnReplay? _file;
    private bool _isRestated;

    /// <param name="instruments">Of the orders' indices.</param>
    /// <param name="instrument">The index of the one that is replayed.</param>
    /// <param name="sink">Takes the reports.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ReplayFeed(InstrumentTable instruments, int instrument, IReportSink sink, ReplayVenueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _book = new RecordedBook(new MarketByOrderBook(), new QueuePositions(options.MaxRestingOrders));
        Venue = new ReplayVenue(instruments, instrument, _book, sink, options);
    }

    public ReplayVenue Venue { get; }

    /// <summary>Takes in a record that a file has played. At another file's first record it goes over to it.</summary>
    public void OnRecord(DbnReplay file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (_file != file)
        {
            _file = file;
            _book.GoOverTo(file.Book, file.Queues);
            Venue.Rejoin();
            _isRestated = file.Record.IsSnapshot;
        }

        _book.IsContinuous = file.IsContinuous;
        _book.Show(file.Record, file.Change);
        Venue.OnRecord(file.TimeNs);
        if (!_isRestated || !file.IsWhole)
            return;

        // What the file restates at its beginning was there before; what it has behind that comes later.
        _isRestated = false;
        Venue.JoinAgain();
    }
}
