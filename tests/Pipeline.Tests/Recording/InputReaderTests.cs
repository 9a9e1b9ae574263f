using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Recording;

namespace ExecutionPipeline.Pipeline.Tests.Recording;

[TestFixture]
public sealed class InputReaderTests
{
    private string _path = "";

    [SetUp]
    public void CreateFile()
    {
        _path = Path.GetTempFileName();
        using var recorder = new InputRecorder(_path, default);
        var e = default(PipelineEvent);
        for (var i = 1; i <= 3; i++)
        {
            e.Header.CorrelationId = (ulong)i;
            recorder.OnEvent(ref e, i, false);
        }
    }

    [TearDown]
    public void RemoveFile() => File.Delete(_path);

    [Test]
    public void ShouldReadWhatWasRecorded()
    {
        using var reader = new InputReader(_path);
        var e = default(PipelineEvent);
        var ids = new List<ulong>();
        while (reader.TryRead(ref e))
            ids.Add(e.Header.CorrelationId);

        Assert.That(reader.Count, Is.EqualTo(3));
        Assert.That(reader.TornBytes, Is.Zero);
        Assert.That(ids, Is.EqualTo(new ulong[] { 1, 2, 3 }));
    }

    [Test]
    public void ShouldLeaveATornLastEventOut()
    {
        using (var file = new FileStream(_path, FileMode.Open))
            file.SetLength(file.Length - 1);

        using var reader = new InputReader(_path);
        var e = default(PipelineEvent);
        var count = 0;
        while (reader.TryRead(ref e))
            count++;

        Assert.That(reader.Count, Is.EqualTo(2));
        Assert.That(reader.TornBytes, Is.EqualTo(PipelineEvent.InputSizeBytes - 1));
        Assert.That(count, Is.EqualTo(2));
    }

    [TestCase(0, 0xFF, "XPINPUT")]
    [TestCase(8, 0x09, "version 9")]
    [TestCase(12, 0x07, "7 bytes")]
    public void ShouldSayWhatIsWrongWithTheHeader(int offset, byte value, string expected)
    {
        var bytes = File.ReadAllBytes(_path);
        bytes[offset] = value;
        File.WriteAllBytes(_path, bytes);

        Assert.That(
            () => new InputReader(_path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));
    }

    [Test]
    public void ShouldRefuseAnEmptyFile()
    {
        File.WriteAllBytes(_path, []);

        Assert.That(
            () => new InputReader(_path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("too short"));
    }
}
