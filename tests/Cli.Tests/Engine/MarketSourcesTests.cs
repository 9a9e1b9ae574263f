using System.Buffers.Binary;
using System.IO.Compression;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Tests.Engine;

/// <summary>What is said of market data before they are played.</summary>
public sealed class MarketSourcesTests
{
    private const long TickE9 = 10_000_000;
    private string _file = "";

    [SetUp]
    public void SetUp() => _file = Path.GetTempFileName();

    [TearDown]
    public void TearDown() => File.Delete(_file);

    [Test]
    public void ShouldSayThatPricesDoNotFitWhenTheTickIsAnothers()
    {
        Write(Order(1, 'A', 19_999 * TickE9), Order(1, 'T', 20_000 * TickE9));
        var check = MarketSources.Check([_file], [], 0.25m);
        Assert.That(check.Notes, Has.Count.EqualTo(1));
        Assert.That(
            check.Notes[0], Does.Contain("1 of 2 prices do not fit the instrument's tick of 0.25; they fit 0.01"));
        Assert.That(MarketSources.Check([_file], [], 0.01m).Notes, Is.Empty);
    }

    [Test]
    public void ShouldFollowARollAndSayWhichInstrumentsWhenNobodyHasChosen()
    {
        Write(Order(1, 'A'), Order(1, 'T'), Order(2, 'A'), Order(2, 'T'));
        var check = MarketSources.Check([_file], [], 0.01m);
        Assert.That(check.InstrumentIds, Is.EqualTo(new[] { 1u, 2u }));
        Assert.That(check.Notes.Single(), Does.Contain("instruments 1, then 2 are followed"));
        Assert.That(Play(check.InstrumentIds).Trades, Is.EqualTo(2));
    }

    [Test]
    public void ShouldSayHowManyRecordsAreLeftOutWhenOneInstrumentIsFollowed()
    {
        Write(Order(1, 'A'), Order(2, 'T'), Order(1, 'T'));
        var check = MarketSources.Check([_file], [], 0.01m);
        Assert.That(check.InstrumentIds, Is.EqualTo(new[] { 1u }));
        Assert.That(check.Notes.Single(), Does.Contain("1 of 3 records are of 1 other and passed over"));
        Assert.That(MarketSources.Describe(Play([2])), Does.Contain("2 of instruments that are not followed"));
        Assert.That(
            () => MarketSources.Check([_file], [3], 0.01m),
            Throws.InstanceOf<UsageException>().With.Message.Contains("instrument 3 is not in it; it has 1, 2"));
    }

    /// <summary>Around a roll each day's file has both contracts, and the busier one is another each day.</summary>
    [Test]
    public void ShouldFollowOneInstrumentThroughAllFilesWhenTheyDisagree()
    {
        var second = _file + ".second.dbn";
        Write(Order(2, 'A'), Order(2, 'T'), Order(2, 'T'), Order(1, 'A'));
        File.Move(_file, second);
        Write(Order(1, 'A'), Order(2, 'A'), Order(1, 'T'), Order(1, 'T'), Order(1, 'T'));
        try
        {
            var check = MarketSources.Check([_file, second], [], 0.01m);
            Assert.That(check.InstrumentIds, Is.EqualTo(new[] { 1u }));
            Assert.That(check.Notes[0], Does.Contain("instrument 1 is followed; 1 of 5 records are of 1 other"));
            Assert.That(check.Notes[1], Does.Contain("instrument 1 is followed; 3 of 4 records are of 1 other"));
            Assert.That(Play(check.InstrumentIds).Trades, Is.EqualTo(3), "it does not go over to the other one");

            Write(Order(3, 'A'), Order(1, 'A'), Order(3, 'T'), Order(1, 'T'), Order(3, 'T'), Order(3, 'T'));
            File.Move(_file, second, overwrite: true);
            Write(Order(1, 'A'), Order(3, 'A'), Order(1, 'T'));
            Assert.That(
                MarketSources.Check([_file, second], [], 0.01m).InstrumentIds, Is.EqualTo(new[] { 3u }),
                "the one with the most records of all");
            Write(Order(1, 'T'));
            Assert.That(
                () => MarketSources.Check([_file, second], [], 0.01m),
                Throws.InstanceOf<UsageException>().With.Message.Contains("instrument 3, which has the most records"));
        }
        finally
        {
            File.Delete(second);
        }
    }

    [Test]
    public void ShouldFollowARollFromFileToFileWhenEachHasOneInstrument()
    {
        var second = _file + ".second.dbn";
        Write(Order(2, 'A'), Order(2, 'T'));
        File.Move(_file, second);
        Write(Order(1, 'A'), Order(1, 'T'));
        try
        {
            Assert.That(
                MarketSources.Check([_file, second], [], 0.01m).InstrumentIds, Is.EqualTo(new[] { 1u, 2u }));
        }
        finally
        {
            File.Delete(second);
        }
    }

    [Test]
    public void ShouldSayThatNoEventsEndIsMarkedWhenNoneIs()
    {
        Write(Order(1, 'T', flags: 0));
        Assert.That(MarketSources.Check([_file], [], 0.01m).Notes.Single(), Does.Contain("no record marks the end"));
    }

    [Test]
    public void ShouldPlayWhatIsWholeAndTellTheRestWhenTheFileIsCutOff()
    {
        Write(Order(1, 'A'), Order(1, 'T'));
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(_file));
            gzip.Flush();
            File.WriteAllBytes(_file, compressed.ToArray());
        }

        var check = MarketSources.Check([_file], [], 0.01m);
        Assert.That(check.Problem, Does.Contain("cut off"));
        using var source = (MarketReplay)MarketSources.Open([_file], check.InstrumentIds, 0);
        var feed = new MarketFeed(source, 1);
        feed.Take(out var update);
        Assert.That(update.TradeQuantity, Is.EqualTo(1));
        Assert.That((feed.HasNext, feed.Problem), Is.EqualTo((false, check.Problem)));
    }

    [Test]
    public void ShouldRefuseTheFileWhenItHasNoMarket()
    {
        Write();
        Assert.That(
            () => MarketSources.Check([_file], [], null),
            Throws.InstanceOf<UsageException>().With.Message.Contains("there is no market in it"));
        Write(Order(1, 'A'));
        Assert.That(
            () => MarketSources.Check([_file], [], null),
            Throws.InstanceOf<UsageException>().With.Message.Contains("there is no trade in it"));
    }

    [Test]
    public void ShouldTakeTradesOnlyBesideQuotesWhenFilesAreCsv()
    {
        var quotes = _file + ".quotes.csv";
        File.WriteAllText(_file, "ts,last,volume\n1700000001,6,3");
        File.WriteAllText(quotes, "ts,bid,ask,bid_size,ask_size\n1700000000,5,6,7,8");
        try
        {
            Assert.That(
                () => MarketSources.Check([_file], [], 1m),
                Throws.InstanceOf<UsageException>().With.Message.Contains("name a file beside it that has quotes"));
            var check = MarketSources.Check([_file, quotes], [], 1m);
            Assert.That(check.Notes.Single(), Does.StartWith("There is only the best bid and offer"));
            Assert.That((check.InstrumentIds.Count, check.Problem), Is.EqualTo((0, (string?)null)));
            Assert.That(MarketSources.FirstPrice([_file, quotes], check.InstrumentIds, 0), Is.EqualTo(5.5m));
            using var source = (MergedSource)MarketSources.Open([_file, quotes], check.InstrumentIds, 0);
            var feed = new MarketFeed(source, 1);
            feed.Take(out _);
            feed.Take(out var update);
            Assert.That((update.TradeQuantity, update.AskQuantity, feed.HasNext), Is.EqualTo((3, 8, false)));
        }
        finally
        {
            File.Delete(quotes);
        }
    }

    [Test]
    public void ShouldSayThatItIsNeitherWhenAFileIsNoMarketData()
    {
        File.WriteAllBytes(_file, [1, 2, 3, 0, 255]);
        Assert.That(
            () => MarketSources.Check([_file], [], null),
            Throws.InstanceOf<UsageException>().With.Message.Contains("neither DBN nor CSV"));
        File.WriteAllText(_file, "time,price\n1,2");
        Assert.That(
            () => MarketSources.Check([_file], [], null),
            Throws.InstanceOf<UsageException>().With.Message.Contains("column 'time' is not known; ts, bid"));
    }

    private MarketCounts Play(IReadOnlyList<uint> instrumentIds)
    {
        using var source = (MarketReplay)MarketSources.Open([_file], instrumentIds, 0);
        for (var update = default(MarketUpdate); source.TryNext(ref update);)
        {
            // The counts are what is asked for.
        }

        return source.Counts;
    }

    private void Write(params byte[][] records)
    {
        var metadata = new byte[8 + 108 + 12];
        "DBN"u8.CopyTo(metadata);
        (metadata[3], metadata[4]) = (2, 120);
        metadata[8 + 45] = 71;
        File.WriteAllBytes(_file, [.. metadata, .. records.SelectMany(record => record)]);
    }

    private static byte[] Order(uint instrumentId, char action, long priceE9 = TickE9 * 100, byte flags = 0x80)
    {
        var record = new byte[56];
        (record[0], record[1]) = (14, 0xA0);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), instrumentId);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), 1_000);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), instrumentId);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(24), priceE9);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(32), 1);
        (record[36], record[38], record[39]) = (flags, (byte)action, (byte)'B');
        return record;
    }
}
