using BenchmarkDotNet.Attributes;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Snapshots;

namespace ExecutionPipeline.Benchmarks.Micro;

/// <summary>
/// What a start takes that reads a snapshot with so many open orders, which the pipeline holds and the simulated
/// exchange too; and what it takes to save and to write one. Files are in the folder for temporary ones.
/// </summary>
[MemoryDiagnoser]
public class SnapshotBenchmark : IReportSink
{
    private const long PriceE9 = 5_000_000_000_000;
    private const int Capacity = 131_072;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"xp-snapshot-{Guid.NewGuid():N}.state");
    private IStateful[] _saved = [];
    private IStateful[] _loaded = [];

    [Params(100, 100_000)]
    public int OpenOrders { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _saved = Create(OpenOrders);
        _loaded = Create(0);
        Write();
        Read();
        var loaded = ((OrderStore)_loaded[0]).WorkingOrders;
        if (loaded != OpenOrders || Save().StateHash != SnapshotFile.Read(_path).StateHash)
            throw new InvalidOperationException("what was read is not what was written.");

        Console.WriteLine($"{OpenOrders} open orders: {new FileInfo(_path).Length} bytes");
    }

    [GlobalCleanup]
    public void Remove() => File.Delete(_path);

    /// <summary>Takes the state into memory, with its hash.</summary>
    [Benchmark]
    public Snapshot Save()
    {
        var state = StateStream.ForWriting();
        foreach (var part in _saved)
            part.Transfer(state);
        return new Snapshot(default, 1, 1, 0, state.Written);
    }

    /// <summary>The same, and brings it onto the disk.</summary>
    [Benchmark]
    public void Write() => SnapshotFile.Write(_path, Save());

    /// <summary>Reads the file, checks it and loads the state.</summary>
    [Benchmark]
    public void Read()
    {
        var state = StateStream.ForReading(SnapshotFile.Read(_path).State);
        foreach (var part in _loaded)
            part.Transfer(state);
        state.End();
    }

    public void OnReport(in ExecutionReport report)
    {
    }

    private IStateful[] Create(int openOrders)
    {
        var table = new InstrumentTable([new InstrumentOptions { Id = 1, Symbol = "ES" }]);
        var orders = new OrderStore(table.Count, Capacity);
        var exchange = new SimulatedExchange(
            table, this, new SimulatedExchangeOptions { MaxRestingOrders = Capacity, EnforceSessions = false });
        for (var i = 0; i < openOrders; i++)
        {
            var order = new Order
            {
                OrderId = OrderIds.Of(9, 1 + (ulong)i),
                Purpose = OrderPurpose.TakeProfit,
                Side = Side.Sell,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = 1,
                LimitPriceE9 = 2 * PriceE9 + i % 1_000 * 250_000_000L,
            };
            orders.TryAdd(order, out _);
            exchange.Submit(order, 1);
        }

        if (exchange.RestingOrders(0) != openOrders)
            throw new InvalidOperationException($"{exchange.RestingOrders(0)} orders rest.");

        return [orders, exchange];
    }
}
