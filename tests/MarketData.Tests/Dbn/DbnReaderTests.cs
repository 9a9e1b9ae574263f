using System.IO.Pipes;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Dbn;

public class DbnReaderTests
{
    [Test]
    public void ShouldSayThatItReadsFilesWhenGivenAPipe()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        var path = $"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}";

        Assert.That(
            () => DbnReader.Open(path), Throws.TypeOf<MarketDataException>().With.Message.Contains("not from a pipe"));
    }

    [TestCase(1, false)]
    [TestCase(1, true)]
    [TestCase(2, false)]
    [TestCase(3, true)]
    public void ShouldReadMetadataAndRecordsWhenVersionIsKnown(int version, bool hasSendTimes)
    {
        using var reader = new DbnFileBuilder(version, 0, hasSendTimes, "ESH4", "NQH4")
            .Add(MboAction.Add, MboSide.Bid, 5, 4800_000_000_000, 7, MboFlags.Last | MboFlags.Snapshot, 123)
            .Add(MboAction.Trade, MboSide.None, 6, 4801_000_000_000, 8)
            .Open();
        var metadata = reader.Metadata;
        Assert.Multiple(() =>
        {
            Assert.That(
                (metadata.Version, metadata.Dataset, metadata.Schema, metadata.HasSendTimes),
                Is.EqualTo((version, "GLBX.MDP3", DbnSchema.Mbo, hasSendTimes)));
            Assert.That((metadata.StartTimeNs, metadata.EndTimeNs), Is.EqualTo((111L, long.MaxValue)));
            Assert.That(metadata.Symbols, Is.EqualTo(new[] { "ESH4", "NQH4" }));
        });

        var record = default(MboRecord);
        Assert.That(reader.TryRead(ref record), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(
                (record.Action, record.Side, record.OrderId, record.PriceE9, record.Quantity),
                Is.EqualTo((MboAction.Add, MboSide.Bid, 5ul, 4800_000_000_000, 7u)));
            Assert.That(
                (record.EventTimeNs, record.ReceiveTimeNs, record.InstrumentId, record.Sequence),
                Is.EqualTo((123L, 124L, DbnFileBuilder.InstrumentId, 77u)));
            Assert.That((record.IsLast, record.IsSnapshot, record.IsAggregate), Is.EqualTo((true, true, false)));
        });

        Assert.That(reader.TryRead(ref record), Is.True);
        Assert.That((record.Action, record.Side, record.OrderId), Is.EqualTo((MboAction.Trade, MboSide.None, 6ul)));
        Assert.That(reader.TryRead(ref record), Is.False);
        Assert.That(reader.RecordsRead, Is.EqualTo(2));
    }

    [Test]
    public void ShouldSkipAndCountWhenRecordsAreOfOtherTypes()
    {
        using var reader = new DbnFileBuilder().AddOther(0x12, 80).Add(MboAction.Clear, MboSide.None, 0, 0, 0)
            .AddOther(0x13, 1020).AddOther(0xFE, 16).Open();
        Assert.That(Drain(reader), Is.EqualTo(1));
        Assert.That(reader.RecordsSkipped, Is.EqualTo(3));
    }

    [Test]
    public void ShouldReadAcrossBufferEndsWhenTheFileIsLong()
    {
        // The lengths share no factor with the buffer's, so records straddle its end at many places.
        var builder = new DbnFileBuilder();
        for (ulong id = 0; id < 5_000; id++)
            builder.Add(MboAction.Add, MboSide.Ask, id, 1, 1).AddOther(0x12, 16 + 4 * (int)(id % 7));

        using var reader = builder.Open();
        var record = default(MboRecord);
        for (ulong id = 0; id < 5_000; id++)
        {
            Assert.That(reader.TryRead(ref record), Is.True);
            Assert.That(record.OrderId, Is.EqualTo(id));
        }

        Assert.That(reader.TryRead(ref record), Is.False);
        Assert.That(reader.OffsetBytes, Is.EqualTo(builder.ToBytes().Length));
    }

    [Test]
    public void ShouldSeeTheCompressionWhenTheFileIsGzip()
    {
        var bytes = new DbnFileBuilder().Add(MboAction.Add, MboSide.Ask, 1, 1, 1).ToGzip();
        using var reader = DbnReader.Open(new MemoryStream(bytes), "test.dbn.gz");
        Assert.That(Drain(reader), Is.EqualTo(1));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void ShouldSeeTheCompressionWhenTheFileIsZstd(int frames)
    {
        var file = new DbnFileBuilder();
        for (ulong id = 0; id < 3_000; id++)
            file.Add(MboAction.Add, MboSide.Ask, id * id, 1, 1);

        using var reader = DbnReader.Open(new MemoryStream(file.ToZstd(frames)), "test.dbn.zst");
        Assert.That(Drain(reader), Is.EqualTo(3_000));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void ShouldReadInstrumentsWhenTheFileDefinesThem(int version)
    {
        var file = new DbnFileBuilder(version, (ushort)DbnSchema.Definition)
            .AddDefinition(7, "ESH4", 250_000_000, "USD")
            .AddOther(0x12, 40)
            .AddDefinition(8, "MSFT", long.MaxValue, "");
        using var reader = file.Open();
        Assert.That(reader.TryRead(out var es), Is.True);
        Assert.That(es, Is.EqualTo(new InstrumentDefinition
        {
            InstrumentId = 7,
            Symbol = "ESH4",
            TickSizeE9 = 250_000_000,
            Currency = "USD",
            ActivationNs = 5,
            ExpirationNs = null,
        }));
        Assert.That(reader.TryRead(out var share), Is.True);
        Assert.That((share!.InstrumentId, share.TickSizeE9, share.Currency), Is.EqualTo((8u, (long?)null, "")));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.RecordsSkipped, Is.EqualTo(1));
    }

    [Test]
    public void ShouldReadFromDiskWhenAPathIsGiven()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new DbnFileBuilder().Add(MboAction.Add, MboSide.Ask, 1, 1, 1).ToBytes());
            using (var reader = DbnReader.Open(path))
                Assert.That(Drain(reader), Is.EqualTo(1));

            File.WriteAllText(path, "something else");
            Assert.That(
                () => DbnReader.Open(path),
                Throws.InstanceOf<MarketDataException>().With.Message.StartsWith(Path.GetFileName(path)));
        }
        finally
        {
            // On some systems this fails when the refusal left the file open.
            File.Delete(path);
        }
    }

    private static int Drain(DbnReader reader)
    {
        var record = default(MboRecord);
        var count = 0;
        while (reader.TryRead(ref record))
            count++;

        return count;
    }
}
