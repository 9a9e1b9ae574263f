using System.Reflection;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor.Tests.Layout;

/// <summary>
/// What one thread writes and another reads, or writes too, is at least two cache lines from anything else.
/// </summary>
public sealed class PaddedLayoutTests
{
    private const int IsolationBytes = 128;

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
        var state = typeof(SingleProducerSequencer).GetNestedType("ProducerState", BindingFlags.NonPublic)!;

        Assert.Multiple(() =>
        {
            Assert.That(OffsetOf(state, "Claimed"), Is.EqualTo(IsolationBytes));
            Assert.That(OffsetOf(state, "ClaimLimit"), Is.EqualTo(IsolationBytes + 8));
            Assert.That(state.StructLayoutAttribute!.Size, Is.EqualTo(2 * IsolationBytes));
        });
    }

    [TestCase(typeof(RingBuffer), "_entries", 120)]
    [TestCase(typeof(RingBuffer), "_indexMask", 128)]
    [TestCase(typeof(RingBuffer), "_firstSlotOffset", 136)]
    [TestCase(typeof(RingBuffer), "_dispatcher", 144)]
    [TestCase(typeof(RingBuffer), "_bufferSize", 168)]
    [TestCase(typeof(RingBuffer), "_lastPaddingWord", 288)]
    [TestCase(typeof(UnmanagedRingBuffer), "_memory", 120)]
    [TestCase(typeof(UnmanagedRingBuffer), "_indexMask", 128)]
    [TestCase(typeof(UnmanagedRingBuffer), "_pointer", 136)]
    [TestCase(typeof(UnmanagedRingBuffer), "_dispatcher", 144)]
    [TestCase(typeof(UnmanagedRingBuffer), "_eventSize", 168)]
    [TestCase(typeof(UnmanagedRingBuffer), "_bufferSize", 172)]
    [TestCase(typeof(UnmanagedRingBuffer), "_lastPaddingWord", 288)]
    public void ShouldIsolateTheFieldsWhenARingIsLaidOut(Type ring, string field, int offset)
    {
        Assert.That(OffsetOf(ring, field), Is.EqualTo(offset));
    }

    [Test]
    public void ShouldCoverEveryFieldWhenARingGetsAnother()
    {
        Assert.Multiple(() =>
        {
            Assert.That(FieldsOf(typeof(RingBuffer)), Has.Length.EqualTo(6));
            Assert.That(FieldsOf(typeof(UnmanagedRingBuffer)), Has.Length.EqualTo(7));
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
