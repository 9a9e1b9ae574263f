using System.Reflection;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor.Tests.Layout;

/// <summary>The runtime keeps to the declared layout: objects are really as far apart as the attributes say.</summary>
public sealed class MeasuredLayoutTests
{
    [Test]
    public void ShouldKeepValuesApartWhenSequencesAreAllocatedInARow()
    {
        var sequences = new Sequence[64];
        for (var i = 0; i < sequences.Length; i++)
            sequences[i] = new Sequence(i);

        var addresses = Array.ConvertAll(sequences, AddressOfValue);
        Array.Sort(addresses);

        for (var i = 1; i < addresses.Length; i++)
            Assert.That(addresses[i] - addresses[i - 1], Is.GreaterThanOrEqualTo(256));
    }

    /// <summary>The object's address, by which sequences allocated in a row can be told apart.</summary>
    private static long AddressOfValue(Sequence sequence)
    {
        var field = typeof(Sequence).GetField("_value", BindingFlags.Instance | BindingFlags.NonPublic)!;
        Assert.That(field.GetValue(sequence), Is.EqualTo(sequence.Value));

        ref var first = ref Unsafe.As<ObjectStart>(sequence).First;
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref first);
    }

    /// <summary>A view of any object that shows its first byte.</summary>
    private sealed class ObjectStart
    {
        public byte First;
    }
}
