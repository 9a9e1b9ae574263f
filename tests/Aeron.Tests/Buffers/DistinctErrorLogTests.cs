using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Buffers;

public sealed class DistinctErrorLogTests
{
    private readonly ManualClock _clock = new();
    private readonly UnsafeBuffer _buffer = new(new byte[4096]);
    private readonly List<(int Count, long First, long Last, string Text)> _errors = [];
    private DistinctErrorLog _log = null!;

    [SetUp]
    public void CreateLog()
    {
        _buffer.SetMemory(0, _buffer.Capacity, 0);
        _errors.Clear();
        _log = new DistinctErrorLog(_buffer, _clock);
    }

    [Test]
    public void ShouldCountAnErrorWhenItIsKnown()
    {
        var firstMs = _clock.Time();
        _log.TryRecord(new IOException("disk"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _log.TryRecord(new IOException("disk"));
        _log.TryRecord(new IOException("tape"));
        Assert.That(ErrorLogReader.Read(_buffer, Record), Is.EqualTo(2));
        Assert.That(_errors[0].Count, Is.EqualTo(2));
        Assert.That(_errors[0].First, Is.EqualTo(firstMs));
        Assert.That(_errors[0].Last, Is.EqualTo(firstMs + 1000));
        Assert.That(_errors[0].Text, Does.Contain("disk"));
        Assert.That(_errors[1].Text, Does.Contain("tape"));
    }

    [Test]
    public void ShouldReadOnlyErrorsSeenSinceATime()
    {
        _log.TryRecord(new IOException("old"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _log.TryRecord(new IOException("new"));
        Assert.That(ErrorLogReader.Read(_buffer, Record, _clock.Time()), Is.EqualTo(1));
        Assert.That(_errors[0].Text, Does.Contain("new"));
    }

    [Test]
    public void ShouldRefuseANewErrorWhenThereIsNoRoom()
    {
        var recorded = 0;
        while (_log.TryRecord(new IOException($"error {recorded}")))
            recorded++;

        Assert.That(ErrorLogReader.Read(_buffer, Record), Is.EqualTo(recorded));
        Assert.That(_log.TryRecord(new IOException("error 0")), Is.True);
    }

    [Test]
    public void ShouldEndWhereALengthIsImpossible([Values(1, -8, int.MaxValue)] int length)
    {
        _buffer.PutInt(0, length);
        Assert.That(ErrorLogReader.Read(_buffer, Record), Is.Zero);
    }

    private void Record(int count, long first, long last, string text) => _errors.Add((count, first, last, text));
}
