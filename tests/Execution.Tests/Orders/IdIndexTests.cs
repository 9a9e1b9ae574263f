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

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase((1 << 28) + 1)]
    public void ShouldRefuseToStartWhenItsCapacityIsOutOfRange(int capacity) =>
        Assert.That(() => new IdIndex(capacity), Throws.InstanceOf<ArgumentOutOfRangeException>());

    /// <summary>Small ids, far ones, and ids that share their low bits, so that places collide.</summary>
    private static ulong RandomId(Random random, int capacity) =>
        (ulong)random.Next(capacity * 2) * (random.Next(2) == 0 ? 1UL : 1UL << 40);
}
