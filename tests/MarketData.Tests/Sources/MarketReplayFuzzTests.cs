using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Dbn;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.MarketData.Tests.Sources;

/// <summary>Whatever records a file has, the replay gives only updates that the pipeline's edge lets pass.</summary>
public class MarketReplayFuzzTests
{
    private static readonly MboAction[] Actions =
        [MboAction.Add, MboAction.Add, MboAction.Cancel, MboAction.Modify, MboAction.Trade, MboAction.Fill];

    private static readonly MboSide[] Sides = [MboSide.Bid, MboSide.Ask, MboSide.None];

    private static readonly MboFlags[] Flags = [MboFlags.Last, MboFlags.Last, MboFlags.None, MboFlags.Snapshot];

    private static readonly long[] Prices =
        [1, 2, 3, 4, 0, -1, long.MinValue, long.MaxValue, FieldLimits.PriceMaxE9, FieldLimits.PriceMaxE9 + 1];

    private static readonly uint[] Quantities = [0, 1, 2, 3, int.MaxValue, uint.MaxValue];

    private static readonly long[] Times = [0, -1, 1, 100, 99, long.MaxValue, long.MinValue];

    [Test]
    public void ShouldPassTheEdgeWhenRecordsAreRandomAndExtreme()
    {
        var random = TestSeed.NewRandom();
        var edge = new Edge();
        var updates = 0;
        for (var round = 0; round < 200; round++)
        {
            using var replay = new MarketReplay(NextFile(random).Open(), new MarketReplayOptions
            {
                IncludesCrossedQuotes = round % 2 == 0,
            });
            var update = default(MarketUpdate);
            while (replay.TryNext(ref update))
            {
                updates++;
                Assert.That(edge.Ask(in update), Is.EqualTo(RejectReason.None));
            }

            Assert.That(replay.Counts.RecordsApplied, Is.EqualTo(500));
        }

        Assert.That(updates, Is.GreaterThan(2_000));
    }

    private static DbnFileBuilder NextFile(Random random)
    {
        var file = new DbnFileBuilder();
        for (var i = 0; i < 500; i++)
        {
            file.Add(
                Next(random, Actions),
                Next(random, Sides),
                (ulong)random.Next(30),
                Next(random, Prices),
                Next(random, Quantities),
                Next(random, Flags),
                Next(random, Times));
        }

        return file;
    }

    private static T Next<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
