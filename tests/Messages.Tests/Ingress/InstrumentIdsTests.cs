using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.Messages.Tests.Ingress;

public class InstrumentIdsTests
{
    [Test]
    public void ShouldFindEachIndexAndNothingElseWhenIdsAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 200; round++)
        {
            var set = new HashSet<uint>();
            var count = random.Next(1, InstrumentIds.MaxCount + 1);
            while (set.Count < count)
                set.Add((uint)random.NextInt64(uint.MaxValue) >> random.Next(32));

            AssertFinds(set.ToArray(), random);
        }
    }

    [TestCase(1u)]
    [TestCase(2u)]
    [TestCase(1024u)]
    [TestCase(65536u)]
    [TestCase(1u << 22)]
    [TestCase(1u << 26)]
    public void ShouldFindEachIndexWhenIdsAreEvenlySpaced(uint step)
    {
        var ids = Enumerable.Range(0, InstrumentIds.MaxCount).Select(i => (uint)i * step).ToArray();
        AssertFinds(ids, new Random(1));
    }

    [Test]
    public void ShouldNotFindTheNullIdWhenTableHasEmptySlots() =>
        Assert.That(new InstrumentIds(1, 2, 3).IndexOf(uint.MaxValue), Is.EqualTo(InstrumentIds.Unknown));

    [Test]
    public void ShouldSayWhatToChangeWhenIdsCannotBeUsed()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new InstrumentIds(), Throws.ArgumentException.With.Message.Contains("1 to 64"));
            Assert.That(() => new InstrumentIds(new uint[65]), Throws.ArgumentException.With.Message.Contains("65"));
            Assert.That(() => new InstrumentIds(5, 6, 5), Throws.ArgumentException.With.Message.Contains("twice"));
            Assert.That(
                () => new InstrumentIds(uint.MaxValue), Throws.ArgumentException.With.Message.Contains("4294967295"));
        });
    }

    private static void AssertFinds(uint[] ids, Random random)
    {
        var instruments = new InstrumentIds(ids);
        Assert.That(instruments.Count, Is.EqualTo(ids.Length));
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.That(instruments.IndexOf(ids[i]), Is.EqualTo(i));
            Assert.That(instruments[i], Is.EqualTo(ids[i]));
        }

        for (var i = 0; i < 1_000; i++)
        {
            var id = (uint)random.NextInt64(1L << 32);
            Assert.That(instruments.IndexOf(id), Is.EqualTo(Array.IndexOf(ids, id)));
        }
    }
}
