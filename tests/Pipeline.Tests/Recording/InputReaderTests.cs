using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Recording;

namespace ExecutionPipeline.Pipeline.Tests.Recording;

[TestFixture]
public sealed class InputReaderTests
{
    private const int HeaderBytes = 64;

    private string _path = "";

    [SetUp]
    public void CreateFile()
    {
        _path = Path.GetTempFileName();
        using var recorder = new InputRecorder(_path, default);
        var e = default(PipelineEvent);
        for (var i = 1; i <= 3; i++)
        {
            e.Header.Kind = EventKind.Timer;
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
        Assert.That(reader.IsWhole, Is.True);
        Assert.That(ids, Is.EqualTo(new ulong[] { 1, 2, 3 }));
    }

    [TestCase(1, 3, 199)]
    [TestCase(200, 3, 0)]
    [TestCase(201, 2, 199)]
    [TestCase(400, 2, 0)]
    [TestCase(600, 1, 0)]
    [TestCase(800, 0, 0)]
    public void ShouldSayThatItWasCutOff(int missing, int events, int torn)
    {
        using (var file = new FileStream(_path, FileMode.Open))
            file.SetLength(file.Length - missing);

        using var reader = new InputReader(_path);
        Assert.That((reader.IsWhole, reader.Count, reader.TornBytes), Is.EqualTo((false, (long)events, (long)torn)));
        Assert.That(CountOf(reader), Is.EqualTo(events));
    }

    [Test]
    public void ShouldFindEveryFlippedBit()
    {
        var whole = File.ReadAllBytes(_path);
        for (var bit = HeaderBytes * 8; bit < whole.Length * 8; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(_path, damaged);
            using var reader = new InputReader(_path);
            Assert.That(
                () => CountOf(reader),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains($"event {(bit / 8 - HeaderBytes) / 200} "));
        }
    }

    [Test]
    public void ShouldFindARecordThatIsMissingOrMoved()
    {
        var whole = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, [.. whole[..(HeaderBytes + 200)], .. whole[(HeaderBytes + 400)..]]);
        using var reader = new InputReader(_path);
        Assert.That(() => CountOf(reader), Throws.TypeOf<InvalidDataException>().With.Message.Contains("event 1 "));
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

    private static int CountOf(InputReader reader)
    {
        var e = default(PipelineEvent);
        var count = 0;
        while (reader.TryRead(ref e))
            count++;
        return count;
    }
}
