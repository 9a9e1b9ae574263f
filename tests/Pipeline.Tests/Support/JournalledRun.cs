using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>
/// An inline run against the simulated exchange, whose reports come back to the ring, with a journal as in a
/// live run.
/// </summary>
internal sealed class JournalledRun : IReportReceiver, IDisposable
{
    private readonly EventRing _ring;
    private readonly ReportInbox _reports;
    private readonly TimerRequests _timers = new();
    private TimerWheel? _wheel;
    private readonly IEventInput _input;
    private readonly EventJournal _journal;
    private readonly TradingFault _fault = new();
    private readonly MemoryStream _outbound = new();

    public JournalledRun(string path, PipelineOptions options, IEventInput input)
    {
        var assembly = new StageAssembly(options);
        _reports = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
        _journal = new EventJournal(path, new JournalOptions { SegmentMb = 16 }, PipelineConfiguration.HashOf(options));
        Chain = assembly.CreateChain(new ChainOutputs
        {
            Results = _journal.Results,
            Backend = TestPipelines.Rules(),
            Venue = assembly.CreateExchange(_reports),
            Refusals = _reports.OpenQueue(),
            Timers = _timers,
            Outbound = new StreamSink(_outbound),
        });
        _ring = new EventRing(options.Ring, Chain, new ThreadRoster(), _fault, _journal);
        _input = input;
    }

    public StageChain Chain { get; }

    /// <summary>Runs so many events, not counting the venue's reports. Returns the outbound bytes.</summary>
    public byte[] Run(int events)
    {
        _ring.Start();
        var header = default(EventHeader);
        var payload = default(EventPayload);
        for (var i = 0; i < events; i++)
        {
            _input.Next(ref header, ref payload);
            if (header.Kind == EventKind.Model)
                MixedModels.Prepare(Chain, ref payload.Command);
            Publish(in header, in payload);
            Settle();
        }

        _ring.Stop(TimeSpan.FromSeconds(60));
        _journal.Finish(_fault);
        return _outbound.ToArray();
    }

    /// <summary>Hands over what the venue has said and which timers are due, until nothing is left of either.</summary>
    private void Settle()
    {
        _wheel ??= new TimerWheel(TimerWheel.PipelineCapacity, _input.TimeNs);
        do
        {
            while (_reports.Drain(this))
            {
            }

            _timers.MoveTo(_wheel);
        }
        while (TryFire());
    }

    private bool TryFire()
    {
        if (!_wheel!.TryTake(_input.TimeNs, out var due))
            return false;

        var header = new EventHeader { Kind = EventKind.Timer, TimeNs = _input.TimeNs, CorrelationId = due.Id };
        var payload = default(EventPayload);
        payload.Timer = due.Tick;
        Publish(in header, in payload);
        return true;
    }

    public bool HasRoom => true;

    public void OnReport(in ExecutionReport report)
    {
        foreach (var told in _input.ReportsFor(report))
        {
            var header = new EventHeader
            {
                Kind = EventKind.ExecutionReport,
                InstrumentIndex = told.InstrumentIndex,
                TimeNs = _input.TimeNs,
                CorrelationId = told.OrderId,
            };
            Publish(in header, new EventPayload { ExecutionReport = told });
        }
    }

    public void Dispose()
    {
        _ring.Dispose();
        _journal.Dispose();
    }

    private void Publish(in EventHeader header, in EventPayload payload)
    {
        long sequence = 0;
        Assert.That(
            SpinWait.SpinUntil(() => _ring.TryClaim(out sequence), TimeSpan.FromSeconds(60)), "the ring stays full");
        ref var e = ref _ring[sequence];
        e.Header = header;
        e.Payload = payload;
        _ring.Publish(sequence);
    }
}
