using ExecutionPipeline.Execution.Orders;

namespace ExecutionPipeline.Execution.Tests.Orders;

[TestFixture]
public class IdIndexTests
{
    [Test]
    public void ShouldAgreeWithADictionaryWhenIdsComeAndGo()
    {
        var random = TestSeed.NewRandom();
        foreach (var capacity in new[] { 1, 2, 7, 64, 500 })
        {
            var index = new IdIndex(capacity);
            var reference = new Dictionary<ulong, int>();
            for (var step = 0; step < 20_000; step++)
            {
                var id = RandomId(random, capacity);
                if (random.Next(2) == 0)
                {
                    var isExpected = !reference.ContainsKey(id) && reference.Count < capacity;
                    Assert.That(index.TryAdd(id, step), Is.EqualTo(isExpected));
                    if (isExpected)
                        reference.Add(id, step);
                }
                else
                {
                    Assert.That(index.TryRemove(id), Is.EqualTo(reference.Remove(id)));
                }

                var probe = RandomId(random, capacity);
                var isThere = reference.TryGetValue(probe, out var wanted);
                Assert.That(index.TryGet(probe, out var slot), Is.EqualTo(isThere));
                if (isThere)
                    Assert.That(slot, Is.EqualTo(wanted));
                Assert.That(index.Count, Is.EqualTo(reference.Count));
            }
        }
    }

    [Test]
    public void ShouldForgetTheOldestWhenMoreExecutionsComeThanAreRemembered()
    {
        var filter = new RecentIds(3);
        Assert.That(new ulong[] { 1, 2, 3 }.All(filter.TryAdd), Is.True);
        Assert.That(filter.TryAdd(1), Is.False);
        Assert.That(filter.TryAdd(4), Is.True);
        Assert.That(filter.TryAdd(1), Is.True, "the oldest was forgotten for the fourth");
        Assert.That(filter.TryAdd(3), Is.False);
        Assert.That(filter.TryAdd(0) && filter.TryAdd(0), Is.True, "0 is no id");
        Assert.That(filter.Duplicates, Is.EqualTo(2));
    }

    [Test]
    public void ShouldRememberAThousandWhenTheyAreTheLast()
    {
        var filter = new RecentIds(1_000);
        for (ulong id = 1; id <= 5_000; id++)
            Assert.That(filter.TryAdd(id), Is.True);
        for (ulong id = 4_001; id <= 5_000; id++)
            Assert.That(filter.TryAdd(id), Is.False, $"{id}");
        Assert.That(filter.TryAdd(4_000), Is.True);
        Assert.That(filter.TryAdd(4_001), Is.True, "it made room for the one before");
        Assert.That(filter.TryAdd(4_003), Is.False);
        Assert.That(filter.Duplicates, Is.EqualTo(1_001));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase((1 << 28) + 1)]
    public void ShouldRefuseToStartWhenItsCapacityIsOutOfRange(int capacity) =>
        Assert.That(() => new IdIndex(capacity), Throws.InstanceOf<ArgumentOutOfRangeException>());

    /// <summary>Small ids, far ones, and ids that share their low bits, so that places collide.</summary>
    private static ulong RandomId(Random random, int capacity) =>
        (ulong)random.Next(capacity * 2) * (random.Next(2) == 0 ? 1UL : 1UL << 40);
}
