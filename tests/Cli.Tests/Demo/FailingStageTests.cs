using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>A demo in which routing throws on the order of one signal of 20,000.</summary>
[TestFixture]
public sealed class FailingStageTests
{
    private const ulong Failing = 15_000;

    [TestCase(Topology.Inline)]
    [TestCase(Topology.Fused)]
    public async Task ShouldFailAndNameStageAndEventWhenAStageThrowsOnOneSignal(Topology topology)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        using var error = new StringWriter();
        var options = new DemoOptions
        {
            AeronDirectory = AeronDirectories.New(),
            Events = 20_000,
            WarmupEvents = 0,
            RatePerSecond = 20_000,
            Topology = topology,
            Inference = InferenceChoice.Rules,
            Wait = WaitChoice.Yield,
            Cpus = [],
            IsQuiet = true,
        };
        FailingVenue venue = null!;
        var before = Console.Error;
        Console.SetError(error);
        int code;
        try
        {
            code = await DemoRunner.RunAsync(
                options,
                console,
                (instruments, reports) =>
                {
                    var exchange = new SimulatedExchange(
                        instruments, reports.OpenQueue(), new SimulatedExchangeOptions());
                    return new Venue(venue = new FailingVenue(exchange), exchange);
                },
                CancellationToken.None);
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error.ToString(), Does.Match(
            @"xp demo: trading has ended: routing failed on event \d+ "
            + $@"\(TradeQualified {venue.FailedSignal}\): no line"));
        Assert.That(venue.FailedSignal, Is.GreaterThanOrEqualTo(Failing));
        Assert.That(venue.SubmittedAfter, Is.Zero);
    }

    /// <summary>Loses its line with the first order of a signal from <see cref="Failing"/> on.</summary>
    private sealed class FailingVenue(IVenueGateway inner) : IVenueGateway
    {
        public ulong FailedSignal { get; private set; }

        public int SubmittedAfter { get; private set; }

        public void Submit(in Order order, long timeNs)
        {
            if (FailedSignal != 0)
                SubmittedAfter++;
            if (order.SignalId >= Failing)
            {
                FailedSignal = order.SignalId;
                throw new IOException("no line");
            }

            inner.Submit(order, timeNs);
        }

        public void Cancel(in Order order, long timeNs) => inner.Cancel(order, timeNs);

        public void Replace(in Order order, in OrderTerms terms, long timeNs) => inner.Replace(order, terms, timeNs);

        public bool TryCancelAll(long timeNs) => inner.TryCancelAll(timeNs);

        public void RequestStatus(in Order order, long timeNs) => inner.RequestStatus(order, timeNs);

        public void RequestOpenOrders(long timeNs) => inner.RequestOpenOrders(timeNs);
    }
}
