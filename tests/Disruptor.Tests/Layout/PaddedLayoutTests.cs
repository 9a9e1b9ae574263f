using System.Reflection;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor.Tests.Layout;

/// <summary>
/// What one thread writes and another reads, or writes too, is at least two cache lines from anything else.
/// </summary>
public sealed class PaddedLayoutTests
{
    private static readonly Type ProducerClaims =
        typeof(Sequence).Assembly.GetType("ExecutionPipeline.Disruptor.ProducerClaims", throwOnError: true)!;

    [Test]
    public void ShouldIsolateTheValueWhenASequenceIsLaidOut()
    {
        Assert.Multiple(() =>
        {
            Assert.That(OffsetOf(typeof(Sequence), "_value"), Is.EqualTo(120));
            Assert.That(OffsetOf(typeof(Sequence), "_lastPaddingWord"), Is.EqualTo(240));
        });
    }

    [Test]
    public void ShouldIsolateTheProducersStateWhenASequencerIsLaidOut()
    {
        Assert.Multiple(() =>
        {
            Assert.That(OffsetOf(ProducerClaims, "Claimed"), Is.EqualTo(120));
            Assert.That(OffsetOf(ProducerClaims, "Limit"), Is.EqualTo(128));
            Assert.That(OffsetOf(ProducerClaims, "_lastPaddingWord"), Is.EqualTo(248));
        });
    }

    [TestCase("_claims", 120)]
    [TestCase("_plainCursor", 128)]
    [TestCase("_memory", 136)]
    [TestCase("_firstSlot", 144)]
    [TestCase("_indexMask", 152)]
    [TestCase("_sequencer", 160)]
    [TestCase("_slotBytes", 168)]
    [TestCase("_lastPaddingWord", 288)]
    public void ShouldIsolateTheFieldsWhenARingIsLaidOut(string field, int offset)
    {
        Assert.That(OffsetOf(typeof(SequencedRing), field), Is.EqualTo(offset));
    }

    [Test]
    public void ShouldCoverEveryFieldWhenARingGetsAnother()
    {
        Assert.Multiple(() =>
        {
            Assert.That(FieldsOf(typeof(SequencedRing)), Has.Length.EqualTo(8));
            Assert.That(FieldsOf(typeof(ValueRingBuffer<long>)), Has.Length.EqualTo(5), "no field of its own");
            Assert.That(FieldsOf(typeof(UnmanagedRingBuffer<long>)), Has.Length.EqualTo(5), "no field of its own");
            Assert.That(FieldsOf(ProducerClaims), Has.Length.EqualTo(3));
            Assert.That(FieldsOf(typeof(Sequence)), Has.Length.EqualTo(2));
        });
    }

    private static int OffsetOf(Type type, string field)
    {
        return FieldsOf(type).Single(f => f.Name == field).GetCustomAttribute<FieldOffsetAttribute>()!.Value;
    }

    private static FieldInfo[] FieldsOf(Type type)
    {
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
    }
}
