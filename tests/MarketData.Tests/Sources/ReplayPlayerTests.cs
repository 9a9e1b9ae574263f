using ExecutionPipeline.Benchmarks.Replay;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Tests.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Sources;

/// <summary>What the benchmark plays is the whole file, in each way.</summary>
public sealed class ReplayPlayerTests
{
    [TestCase(ReplayWork.Decompress, 0)]
    [TestCase(ReplayWork.Read, 0)]
    [TestCase(ReplayWork.Book, 2)]
    [TestCase(ReplayWork.Queues, 2)]
    [TestCase(ReplayWork.Updates, 2)]
    public void ShouldPlayTheWholeFileWhenItIsTimed(ReplayWork work, int contracts)
    {
        var file = new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, 100, 5)
            .Add(MboAction.Add, MboSide.Ask, 2, 101, 5)
            .Add(MboAction.Trade, MboSide.Ask, 9, 100, 2)
            .Add(MboAction.Add, MboSide.Bid, 3, 100, 5);
        var result = new ReplayPlayer(file.ToGzip(), file.ToBytes(), "test.dbn").Play(work);
        Assert.That((result.Records, result.TradedQuantity), Is.EqualTo((4L, (long)contracts)));
        Assert.That(result.ElapsedNs, Is.GreaterThan(0));
    }
}
