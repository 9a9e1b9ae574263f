using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Buffers;

public sealed class CountersTests
{
    private const int Counters = 4;

    private readonly ManualClock _clock = new();
    private CountersManager _manager = null!;

    [SetUp]
    public void CreateManager() => _manager = new CountersManager(
        new UnsafeBuffer(new byte[Counters * CountersDescriptor.MetaDataLength]),
        new UnsafeBuffer(new byte[Counters * CountersDescriptor.CounterLength]),
        _clock,
        freeToReuseTimeoutMs: 1000,
        _clock);

    [Test]
    public void ShouldShowReadersWhatWasAllocated()
    {
        var id = _manager.Allocate("label", 7, [1, 2, 3], registrationId: 11, ownerId: 12);
        _manager.SetCounterValue(id, 42);
        _manager.SetCounterReferenceId(id, 13);
        var reader = new CountersReader(_manager.MetaDataBuffer, _manager.ValuesBuffer);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.GetCounterLabel(id), Is.EqualTo("label"));
            Assert.That(reader.GetCounterTypeId(id), Is.EqualTo(7));
            Assert.That(reader.GetCounterValue(id), Is.EqualTo(42));
            Assert.That(reader.GetCounterRegistrationId(id), Is.EqualTo(11));
            Assert.That(reader.GetCounterOwnerId(id), Is.EqualTo(12));
            Assert.That(reader.GetCounterReferenceId(id), Is.EqualTo(13));
            Assert.That(reader.FindByTypeIdAndRegistrationId(7, 11), Is.EqualTo(id));
            Assert.That(reader.FindByTypeIdAndRegistrationId(7, 12), Is.EqualTo(CountersReader.NULL_COUNTER_ID));
        }
    }

    [Test]
    public void ShouldReuseARecordOnlyWhenItHasRested()
    {
        var first = _manager.Allocate("first", 1);
        _manager.SetCounterValue(first, 5);
        _manager.Free(first);
        Assert.That(_manager.Allocate("second", 1), Is.Not.EqualTo(first));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_manager.Allocate("third", 1), Is.EqualTo(first));
        Assert.That(_manager.GetCounterValue(first), Is.Zero);
    }

    [Test]
    public void ShouldThrowWhenThereIsNoRoom()
    {
        for (var i = 0; i < Counters; i++)
            _manager.Allocate($"counter {i}", 1);

        Assert.That(() => _manager.Allocate("one more", 1), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldCutLabelsWhenTheyAreTooLong()
    {
        var id = _manager.Allocate(new string('x', 1000), 1);
        _manager.AppendToLabel(id, "tail");
        Assert.That(_manager.GetCounterLabel(id), Has.Length.EqualTo(CountersDescriptor.MaxLabelLength));
    }

    [Test]
    public void ShouldBoundALabelWhenItsLengthIsImpossible([Values(-1, int.MaxValue)] int length)
    {
        var id = _manager.Allocate("label", 1);
        _manager.MetaDataBuffer.PutInt(CountersDescriptor.MetaDataOffset(id) + CountersDescriptor.LabelOffset, length);
        Assert.That(_manager.GetCounterLabel(id), Has.Length.LessThanOrEqualTo(CountersDescriptor.MaxLabelLength));
        _manager.AppendToLabel(id, "more");
    }

    [Test]
    public void ShouldThrowWhenTheIdIsImpossible([Values(-1, Counters, int.MaxValue)] int id) =>
        Assert.That(() => _manager.GetCounterValue(id), Throws.ArgumentException);

    [Test]
    public void ShouldFreeACounterOnceWhenItIsDisposedTwice()
    {
        var counter = _manager.NewCounter("label", 1);
        Assert.That(counter.Increment(), Is.Zero);
        Assert.That(counter.Get(), Is.EqualTo(1));
        counter.Dispose();
        counter.Dispose();
        Assert.That(_manager.GetCounterState(counter.Id), Is.EqualTo(CountersDescriptor.RecordReclaimed));
    }
}
