using ExecutionPipeline.Execution.Orders;

namespace ExecutionPipeline.Execution.Tests.Orders;

/// <summary>Where parents are, against a dictionary.</summary>
[TestFixture]
public class ParentStoreTests
{
    [Test]
    public void ShouldFindWhatIsWorkedAndNothingElseWhenParentsComeAndGo()
    {
        const int capacity = 64;
        var random = TestSeed.NewRandom();
        var store = new ParentStore(3, capacity);
        var naive = new Dictionary<ulong, (int Place, int Instrument)>();
        for (ulong id = 1; id <= 5_000; id++)
        {
            var instrument = random.Next(3);
            var place = store.Add(id, instrument, IsClosing(id) ? 1 : 0);
            Assert.That(place < 0, Is.EqualTo(naive.Keys.Any(other => other % capacity == id % capacity)));
            if (place >= 0)
                naive.Add(id, (place, instrument));
            while (naive.Count > random.Next(capacity))
            {
                var ended = naive.ElementAt(random.Next(naive.Count));
                store.End(ended.Value.Place);
                naive.Remove(ended.Key);
            }

            AssertSame(store, naive, id);
        }
    }

    private static bool IsClosing(ulong id) => id % 3 == 0;

    private static void AssertSame(
        ParentStore store, Dictionary<ulong, (int Place, int Instrument)> naive, ulong lastId)
    {
        Assert.That(store.Count, Is.EqualTo(naive.Count));
        Assert.That(store.Closing, Is.EqualTo(naive.Keys.Count(IsClosing)));
        for (var id = lastId > 80 ? lastId - 80 : 1; id <= lastId; id++)
        {
            Assert.That(store.TryFind(id, out var place), Is.EqualTo(naive.ContainsKey(id)));
            if (naive.TryGetValue(id, out var kept))
                Assert.That((place, store[place].ParentId), Is.EqualTo((kept.Place, id)));
        }

        for (var instrument = 0; instrument < 3; instrument++)
        {
            var listed = new List<ulong>();
            for (var place = store.First(instrument); place >= 0; place = store.Next(place))
                listed.Add(store[place].ParentId);
            Assert.That(
                listed,
                Is.EquivalentTo(naive.Where(p => p.Value.Instrument == instrument).Select(static p => p.Key)));
        }
    }
}
