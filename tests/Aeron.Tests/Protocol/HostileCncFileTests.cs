using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Protocol;

public sealed class HostileCncFileTests : AeronTestBase
{
    private string CncPath => Path.Combine(Directory, CncFileDescriptor.CNC_FILE);

    [SetUp]
    public void CreateFolder() => System.IO.Directory.CreateDirectory(Directory);

    [Test]
    public void ShouldFindNoDriverWhenThereIsNoneYet([Values(0, 100, 128, 4096)] int fileLength)
    {
        Assert.That(CncFile.Map(CncPath), Is.Null);
        File.WriteAllBytes(CncPath, new byte[fileLength]);
        Assert.That(CncFile.Map(CncPath), Is.Null);
    }

    [Test]
    public void ShouldRefuseAFileWhenABufferExceedsIt(
        [Range(4, 20, 4)] int field, [Values(-1, int.MinValue, int.MaxValue, 4096)] int length)
    {
        var file = new byte[4096];
        BitConverter.TryWriteBytes(file, CncFileDescriptor.CncVersion);
        BitConverter.TryWriteBytes(file.AsSpan(field), length);
        File.WriteAllBytes(CncPath, file);
        Assert.That(() => CncFile.Map(CncPath), Throws.TypeOf<InvalidDataException>().With.Message.Contain(CncPath));
    }

    [Test]
    public void ShouldRefuseAFileWhenItsVersionIsAnother([Values(1, 1 << 16, 1 << 8, int.MaxValue)] int version)
    {
        var file = new byte[4096];
        BitConverter.TryWriteBytes(file, version);
        File.WriteAllBytes(CncPath, file);
        Assert.That(() => CncFile.Map(CncPath), Throws.TypeOf<InvalidDataException>().With.Message.Contain("version"));
    }

    [Test]
    public void ShouldMapOrRefuseAndNothingElseWhenTheFileIsNoise()
    {
        var random = TestSeed.NewRandom();
        var file = new byte[8192];
        for (var i = 0; i < 500; i++)
        {
            random.NextBytes(file);
            BitConverter.TryWriteBytes(file, CncFileDescriptor.CncVersion);
            for (var field = 4; field <= 20; field += 4)
                BitConverter.TryWriteBytes(file.AsSpan(field), random.Next(-100, 2000));

            File.WriteAllBytes(CncPath, file);
            try
            {
                using var cncFile = CncFile.Map(CncPath, isReadOnly: true);
                ErrorLogReader.Read(cncFile!.ErrorLogBuffer, (_, _, _, _) => { });
                new CountersReader(cncFile.CountersMetaDataBuffer, cncFile.CountersValuesBuffer)
                    .ForEach((_, _, _, _) => { });
            }
            catch (InvalidDataException)
            {
                // The one answer to what cannot be.
            }
        }
    }

    [Test]
    public void ShouldSayThatThereIsNoDriverWhenNoneComes() => Assert.That(
        () => AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(Directory).DriverTimeoutMs(50)),
        Throws.TypeOf<DriverTimeoutException>().With.Message.Contain(CncPath));

    [Test]
    public void ShouldRefuseALogWhenItsLengthsAreImpossible(
        [Values(0, -65536, 65536 * 2, 1 << 30)] int termLength)
    {
        var path = Path.Combine(Directory, "1.logbuffer");
        var file = new byte[3 * 65536 + 4096];
        BitConverter.TryWriteBytes(file.AsSpan(3 * 65536 + LogBufferDescriptor.LogTermLengthOffset), termLength);
        BitConverter.TryWriteBytes(file.AsSpan(3 * 65536 + LogBufferDescriptor.LogPageSizeOffset), 4096);
        File.WriteAllBytes(path, file);
        Assert.That(() => LogBuffers.Open(path), Throws.TypeOf<InvalidDataException>().With.Message.Contain(path));
    }
}
