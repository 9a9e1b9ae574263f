using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Dbn;

/// <summary>A damaged file is refused with one line that says where; it never ends in another exception.</summary>
public class DbnDamageTests
{
    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("empty", [], "does not begin with DBN");
        yield return Case("not DBN", "date,open,close\n1,2,3\n"u8.ToArray(), "does not begin with DBN");
        yield return Case("zstd", [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0, 0], "cut off after byte 0");
        yield return Case("version 0", new DbnFileBuilder(0).ToBytes(), "version 0");
        yield return Case("version 4", new DbnFileBuilder(4).ToBytes(), "version 4");
        yield return Case("bars", new DbnFileBuilder(schema: 5).ToBytes(), "schema 5");
        yield return Case("short metadata", Patch(4, 50), "50 bytes is too short");
        yield return Case("long metadata", Patch(7, 0x7F), "more than");
        yield return Case("cut metadata", Patch(5, 1), "of metadata");
        yield return Case("send times", Patch(8 + 52, 2), "says 2");
        yield return Case("symbols", Patch(8 + 106, 1), "65537 symbols");
        yield return Case("schema definition", Patch(8 + 100, 1), "schema definition");
        yield return Case("length 0", With([0, 0xA0, .. new byte[20]]), "0 bytes long");
        yield return Case("length 12", With([3, 0xA0, .. new byte[20]]), "12 bytes long");
        yield return Case("short order", With([10, 0xA0, .. new byte[38]]), "40 bytes is shorter than its type's 56");
        yield return Case("action", With(Order(action: (byte)'X')), "action 0x58");
        yield return Case("side", With(Order(side: (byte)'S')), "side 0x53");
        yield return Case("cut header", With(14, 0xA0, 0, 0), "after 4 bytes of a record's header");
        yield return Case("cut record", With(Order()[..^1]), "after 55 of a record's 56 bytes");
    }

    [TestCaseSource(nameof(Refused))]
    public void ShouldSayInOneLineWhatIsWrongWhenTheFileIsDamaged(byte[] file, string what)
    {
        var error = Assert.Throws<MarketDataException>(() => ReadAll(file));
        Assert.That(error!.Message, Does.StartWith("test.dbn: ").And.Contain(what).And.Not.Contain("\n"));
    }

    [Test]
    public void ShouldSayWhereWhenARecordIsCut()
    {
        var builder = new DbnFileBuilder().Add(MboAction.Add, MboSide.Ask, 1, 1, 1).AddRaw(Order()[..20]);
        var error = Assert.Throws<MarketDataException>(() => ReadAll(builder.ToBytes()));
        Assert.That(error!.Message, Does.Contain($"at byte {builder.MetadataSize + 56}"));
    }

    [Test]
    public void ShouldEndCleanlyOnlyAtARecordsEndWhenTheFileIsCutAnywhere()
    {
        var builder = new DbnFileBuilder(2, 0, false, "ESH4");
        for (ulong id = 0; id < 4; id++)
            builder.Add(MboAction.Add, MboSide.Ask, id, 1, 1);

        var whole = builder.ToBytes();
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            var records = (length - builder.MetadataSize) / 56.0;
            if (records >= 0 && records == Math.Floor(records))
                Assert.That(ReadAll(cut), Is.EqualTo(records));
            else
                Assert.That(() => ReadAll(cut), Throws.InstanceOf<MarketDataException>(), $"cut at {length}");
        }
    }

    [Test]
    public void ShouldRefuseWhenGzipIsCutOrDamaged()
    {
        var builder = new DbnFileBuilder();
        var random = new Random(5);
        for (var i = 0; i < 500; i++)
            builder.Add(MboAction.Add, MboSide.Ask, (ulong)random.NextInt64(), 1, 1);

        var whole = builder.ToGzip();
        Assert.That(ReadAll(whole), Is.EqualTo(500));
        Assert.That(() => ReadAll(whole[..(whole.Length / 2)]), Throws.InstanceOf<MarketDataException>());
        whole[whole.Length / 2] ^= 0xFF;
        Assert.That(() => ReadAll(whole), Throws.InstanceOf<MarketDataException>());
    }

    [Test]
    public void ShouldSayThatItIsCutWhenGzipEndsBetweenTwoRecords()
    {
        var builder = new DbnFileBuilder(2);
        for (ulong id = 0; id < 40; id++)
            builder.Add(MboAction.Add, MboSide.Ask, id, 1, 1);

        // A piece is a record, and what ends a member is at least its sum and its size: eight bytes.
        var whole = builder.ToGzip(1, 56);
        var (read, problem) = ReadUntilProblem(whole[..^250]);
        Assert.That(read, Is.InRange(1, 39));
        Assert.That(problem, Does.StartWith("test.dbn: ").And.Contain("cut off"));
        (read, problem) = ReadUntilProblem(whole[..^8]);
        Assert.That((read, problem), Is.EqualTo(
            (40, $"test.dbn: the compressed data are cut off after byte {builder.ToBytes().Length}.")));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void ShouldRefuseWhenGzipOfSeveralMembersIsCutAnywhereWithinThem(int members)
    {
        var builder = new DbnFileBuilder(2);
        for (ulong id = 0; id < 30; id++)
            builder.Add(MboAction.Add, MboSide.Ask, id * id, 1, 1);

        var whole = builder.ToGzip(members, 100);
        Assert.That(ReadAll(whole), Is.EqualTo(30));
        var unnoticed = Enumerable.Range(0, whole.Length)
            .Count(length => ReadUntilProblem(whole[..length]).Problem == null);
        Assert.That(unnoticed, Is.LessThan(members), "only an end between two members cannot be seen");
    }

    [TestCase(1)]
    [TestCase(3)]
    public void ShouldRefuseWhenZstdOfSeveralFramesIsCutAnywhereWithinThem(int frames)
    {
        var builder = new DbnFileBuilder(2);
        for (ulong id = 0; id < 30; id++)
            builder.Add(MboAction.Add, MboSide.Ask, id * id, 1, 1);

        var whole = builder.ToZstd(frames);
        Assert.That(ReadAll(whole), Is.EqualTo(30));
        var unnoticed = Enumerable.Range(0, whole.Length)
            .Count(length => ReadUntilProblem(whole[..length]).Problem == null);
        Assert.That(unnoticed, Is.LessThan(frames), "only an end between two frames cannot be seen");
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var file = whole.ToArray();
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            var (read, problem) = ReadUntilProblem(file);
            Assert.That(problem != null || read == 30, $"bit {bit}: {read} records and no word");
        }
    }

    [Test]
    public void ShouldRefuseWhenSomethingElseFollowsGzip()
    {
        byte[] file = [.. new DbnFileBuilder().Add(MboAction.Add, MboSide.Ask, 1, 1, 1).ToGzip(), 1, 2, 3, 4];
        Assert.That(ReadUntilProblem(file).Problem, Does.Contain("damaged"));
    }

    [Test]
    public void ShouldReadTheSameOrRefuseWhenABitOfGzipIsFlipped()
    {
        var builder = new DbnFileBuilder(2);
        for (ulong id = 0; id < 30; id++)
            builder.Add(MboAction.Add, MboSide.Ask, id * id, 1, 1);

        var whole = builder.ToGzip(2, 300);
        var refused = 0;
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var file = whole.ToArray();
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            var (read, problem) = ReadUntilProblem(file);
            refused += problem == null ? 0 : 1;
            Assert.That(problem != null || read == 30, $"bit {bit}: {read} records and no word");
        }

        // Time, system and level in a header mean nothing, nor do the bits that fill a block's last byte.
        Assert.That(refused, Is.GreaterThan(whole.Length * 8 * 9 / 10));
    }

    [Test]
    public void ShouldReadOrRefuseWhenBytesAreMutated()
    {
        var random = TestSeed.NewRandom();
        var builder = new DbnFileBuilder(1, 0, false, "ESH4");
        for (ulong id = 0; id < 20; id++)
            builder.Add(MboAction.Add, MboSide.Bid, id, 1, 1).AddOther(0x12, 24);

        var (read, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var file = builder.ToBytes();
            for (var mutations = random.Next(1, 4); mutations > 0; mutations--)
                file[random.Next(file.Length)] = (byte)random.Next(256);

            try
            {
                ReadAll(file);
                read++;
            }
            catch (MarketDataException)
            {
                refused++;
            }
        }

        Assert.That(Math.Min(read, refused), Is.GreaterThan(1_000), $"{read} read, {refused} refused");
    }

    private static TestCaseData Case(string name, byte[] file, string what) =>
        new TestCaseData(file, what).SetArgDisplayNames(name);

    private static byte[] Patch(int offset, byte value)
    {
        var file = new DbnFileBuilder(1, 0, false, "ESH4").ToBytes();
        file[offset] = value;
        return file;
    }

    private static byte[] With(params byte[] record) => new DbnFileBuilder().AddRaw(record).ToBytes();

    private static byte[] Order(byte action = (byte)'A', byte side = (byte)'B')
    {
        var record = new byte[56];
        (record[0], record[1], record[38], record[39]) = (14, 0xA0, action, side);
        return record;
    }

    private static (int Read, string? Problem) ReadUntilProblem(byte[] file)
    {
        var read = 0;
        try
        {
            using var reader = DbnReader.Open(new MemoryStream(file), "test.dbn");
            for (var record = default(MboRecord); reader.TryRead(ref record);)
                read++;

            return (read, null);
        }
        catch (MarketDataException problem)
        {
            return (read, problem.Message);
        }
    }

    private static int ReadAll(byte[] file)
    {
        using var reader = DbnReader.Open(new MemoryStream(file), "test.dbn");
        var record = default(MboRecord);
        var count = 0;
        while (reader.TryRead(ref record))
            count++;

        return count;
    }
}
