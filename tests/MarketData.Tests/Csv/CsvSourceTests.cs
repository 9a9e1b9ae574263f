using System.IO.Compression;
using System.Text;
using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Csv;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Tests.Csv;

/// <summary>Files of comma-separated values.</summary>
public sealed class CsvSourceTests
{
    private const long None = MarketUpdate.NoPrice;
    private const long Point = 1_000_000_000;

    [Test]
    public void ShouldGiveQuotesAndTradesWhenTheHeaderNamesThemInAnyOrder()
    {
        var updates = Play(
            """
            bid_size,TS,bid,ask,ask_size,last,volume
            5,1700000000000000001,100.25,100.5,6,,
            5,1700000000000000002,100.25,100.5,6,,
            5,1700000000000000003,100.25,100.5,6,100.5,3

            0,1700000000000000004,,100.5,6,100.25,2
            """);
        Assert.That(updates.Select(Quote), Is.EqualTo(new[]
        {
            (100_250_000_000, 5, 100_500_000_000, 6), (100_250_000_000, 5, 100_500_000_000, 6),
            (None, 0, 100_500_000_000, 6),
        }));
        Assert.That(updates.Select(Trade), Is.EqualTo(new[]
        {
            (None, 0, Side.None), (100_500_000_000, 3, Side.Buy), (100_250_000_000, 2, Side.Sell),
        }));
        Assert.That(updates.Select(u => u.ExchangeTimeNs % 10), Is.EqualTo(new[] { 1, 3, 4 }));
    }

    [TestCase("1700000000", 1_700_000_000_000_000_000)]
    [TestCase("1700000000123", 1_700_000_000_123_000_000)]
    [TestCase("1700000000123456", 1_700_000_000_123_456_000)]
    [TestCase("1700000000123456789", 1_700_000_000_123_456_789)]
    [TestCase("2023-11-14T22:13:20.5Z", 1_700_000_000_500_000_000)]
    [TestCase("2023-11-14 22:13:20", 1_700_000_000_000_000_000)]
    [TestCase("2023-11-14T17:13:20-05:00", 1_700_000_000_000_000_000)]
    public void ShouldTellTheUnitOfTimeWhenItIsWritten(string text, long timeNs) =>
        Assert.That(Play($"ts,last,volume\n{text},5,1").Single().ExchangeTimeNs, Is.EqualTo(timeNs));

    [TestCase("20240102", Description = "a date in digits alone is no count of seconds")]
    [TestCase("202401020930", Description = "nor of milliseconds")]
    [TestCase("20240102093000", Description = "as milliseconds it would wrap around to a day of 2026")]
    [TestCase("20240102093000123", Description = "and so it would as microseconds")]
    [TestCase("9214646400", Description = "the year 2262, which nanoseconds cannot tell")]
    [TestCase("9999-12-31")]
    [TestCase("09:30:00", Description = "of no day, not of today")]
    [TestCase("01/02/2024 09:30:00", Description = "the first of February or the second of January")]
    [TestCase("2 Jan", Description = "of no year, not of this one")]
    public void ShouldRefuseATimeWhenItIsNeitherACountOfThisAgeNorIso(string text) => Assert.That(
        () => Play($"ts,last,volume\n{text},5,1"),
        Throws.InstanceOf<MarketDataException>().With.Message.StartsWith($"test.csv: line 2: ts '{text}' is no time"));

    [Test]
    public void ShouldPlayTheLowFirstWhenABarClosedHigher()
    {
        var updates = Play("ts,open,high,low,close,volume\n1700000000,10,12,9,11,10\n1700000004,11,12,8,9,10");
        Assert.That(updates.Select(u => (u.TradePriceE9 / Point, u.TradeQuantity)), Is.EqualTo(new[]
        {
            (10, 2), (9, 2), (12, 2), (11, 4), (11, 2), (12, 2), (8, 2), (9, 4),
        }));
        Assert.That(
            updates.Select(u => u.ExchangeTimeNs / Point - 1_700_000_000), Is.EqualTo(Enumerable.Range(0, 8)));
        Assert.That(updates.Select(u => u.Aggressor), Is.EqualTo(new[]
        {
            Side.Buy, Side.Sell, Side.Buy, Side.Sell, Side.Sell, Side.Buy, Side.Sell, Side.Buy,
        }));
    }

    [Test]
    public void ShouldMakeUpAQuoteAroundTheTradeWhenThereAreOnlyBars()
    {
        var updates = Play("ts,open,high,low,close,volume\n1700000000,10,10,9,9,7", spreadE9: Point / 4);
        Assert.That(updates.Select(Quote), Is.EqualTo(new[]
        {
            (10 * Point - Point / 4, 7, 10 * Point, 7), (9 * Point, 7, 9 * Point + Point / 4, 7),
        }));
        Assert.That(
            Play("ts,open,high,low,close,volume\n1700000000,10,10,9,9,7", spreadE9: 0).Select(u => u.BidPriceE9),
            Is.All.EqualTo(None));
    }

    [TestCase(0, "")]
    [TestCase(1, "11:1")]
    [TestCase(3, "9:1 12:1 11:1")]
    [TestCase(4, "10:1 9:1 12:1 11:1")]
    [TestCase(6, "10:1 9:1 12:1 11:3")]
    public void ShouldConserveTheVolumeWhenABarIsDivided(int volume, string trades)
    {
        var updates = Play($"ts,open,high,low,close,volume\n1700000000,10,12,9,11,{volume}");
        Assert.That(
            string.Join(' ', updates.Select(u => $"{u.TradePriceE9 / Point}:{u.TradeQuantity}")), Is.EqualTo(trades));
    }

    [TestCase("", "test.csv: the file is empty")]
    [TestCase("ts,bid,ask,bid_size", "test.csv: column ask_size is missing, which goes with bid, ask, bid_size")]
    [TestCase("ts,last", "test.csv: column volume is missing, which goes with last")]
    [TestCase("ts,open,high,low,close", "test.csv: column volume is missing, which goes with open, high, low, close")]
    [TestCase("ts,volume", "test.csv: prices are missing")]
    [TestCase("ts,bid,ask,bid_size,ask_size,volume", "test.csv: column last is missing: volume is of trades")]
    [TestCase("bid,ask,bid_size,ask_size", "test.csv: column ts is missing")]
    [TestCase("ts,last,volume,vwap", "test.csv: column 'vwap' is not known; ts, bid, ask")]
    [TestCase("ts,last,volume,bid_open", "test.csv: column 'bid_open' is not known")]
    [TestCase("ts,last,volume,LAST", "test.csv: column last is named twice")]
    [TestCase("ts,open,high,low,close,volume,last", "test.csv: column last does not go with bars")]
    public void ShouldSayWhichColumnWhenAHeaderCannotBeUsed(string header, string message) => Assert.That(
        () => Play(header), Throws.InstanceOf<MarketDataException>().With.Message.StartsWith(message));

    [TestCase("1700000000,5", "line 3: there are 2 values, not 3")]
    [TestCase("soon,5,1", "line 3: ts 'soon' is no time")]
    [TestCase("1700000000,five,1", "line 3: last 'five' is no number")]
    [TestCase("1700000000,NaN,1", "line 3: last 'NaN' is no number")]
    [TestCase("1700000000,-5,1", "line 3: last -5 is no price")]
    [TestCase("1700000000,1e30,1", "line 3: last '1e30' is no number")]
    [TestCase("1700000000,99999999999999999999,1", "line 3: last 99999999999999999999 is no price")]
    [TestCase("1700000000,5.0000000001,1", "line 3: last 5.0000000001 has more than nine decimals")]
    [TestCase("1700000000,5,1.5", "line 3: volume '1.5' is no whole number")]
    [TestCase("1700000000,5,-1", "line 3: volume '-1' is no whole number")]
    public void ShouldPlayWhatIsWholeAndSayWhichLineWhenARowCannotBeUsed(string row, string message)
    {
        using var source = Open($"ts,last,volume\n1600000000,5,1\n{row}\n1700000001,5,1", 0);
        var update = default(MarketUpdate);
        Assert.That(source.TryNext(ref update), Is.True);
        Assert.That(
            () => source.TryNext(ref update),
            Throws.InstanceOf<MarketDataException>().With.Message.StartsWith($"test.csv: {message}"));
        Assert.That(() => source.TryNext(ref update), Throws.InstanceOf<MarketDataException>(), "the second time");
    }

    /// <summary>What stands behind a quotation mark that nothing closes is one row.</summary>
    [TestCase("\"5")]
    [TestCase("5,")]
    public void ShouldPlayWhatIsWholeAndNameTheFileWhenARowIsTooLong(string start)
    {
        const int tooLong = 20_000_000;
        var rest = start[0] == '"'
            ? string.Concat(Enumerable.Repeat("1700000001,5,1\n", tooLong / 15))
            : new string('1', tooLong);
        using var source = Open($"ts,last,volume\n1600000000,5,1\n1700000000,{start}{rest}", 0);
        var update = default(MarketUpdate);
        Assert.That(source.TryNext(ref update), Is.True);
        Assert.That(
            () => source.TryNext(ref update),
            Throws.InstanceOf<MarketDataException>().With.Message.StartsWith("test.csv: line 3: "));
    }

    [Test]
    public void ShouldNameTheFileWhenItsHeaderIsTooLong() => Assert.That(
        () => Play("ts,last,volume," + new string('x', 20_000_000)),
        Throws.InstanceOf<MarketDataException>().With.Message.StartsWith("test.csv: "));

    [Test]
    public void ShouldCountAndHaveNoQuoteWhenARowIsCrossedAndNotGoBackWhenTimeDoes()
    {
        using var source = Open(
            "ts,bid,ask,bid_size,ask_size\n1700000002,5,6,1,1\n1700000001,7,6,1,1\n1700000003,5,6,1,1", 0);
        var updates = All(source);
        Assert.That(updates.Select(u => u.BidPriceE9), Is.EqualTo(new[] { 5 * Point, None, 5 * Point }));
        Assert.That(updates.Select(u => u.ExchangeTimeNs / Point % 10), Is.EqualTo(new[] { 2, 2, 3 }));
        Assert.That((source.Counts.CrossedEvents, source.Counts.RecordsBackInTime), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void ShouldSayThatABarIsWrongWhenItsHighIsNotTheHighest() => Assert.That(
        () => Play("ts,open,high,low,close,volume\n1700000000,10,9,8,9,1"),
        Throws.InstanceOf<MarketDataException>().With.Message.Contains("high and low are not"));

    [Test]
    public void ShouldReadTheSecondBarsWhenTheNameSaysSo()
    {
        const string quotes = "34200000,1676900,1677000,1676800,1677000,500,1677100,1677200,1677000,1677200,600\n";
        using var source = CsvSource.Open(Zip("20131007_spy_second_quote.csv", quotes), "20131007_quote.zip");
        var updates = All(source);
        var opensAtNs = new DateTimeOffset(2013, 10, 7, 13, 30, 0, TimeSpan.Zero).ToUnixTimeSeconds() * Point;
        Assert.That(updates.Select(u => (u.ExchangeTimeNs - opensAtNs, u.BidPriceE9, u.AskPriceE9)), Is.EqualTo(new[]
        {
            (0L, 167_690_000_000, 167_710_000_000), (Point / 4, 167_680_000_000, 167_700_000_000),
            (Point / 2, 167_700_000_000, 167_720_000_000),
        }));
        Assert.That(source.Capabilities, Is.EqualTo(new MarketCapabilities(MarketDetail.BestQuotes, 1, false)));
        var depth = new BookLevel[3];
        Assert.That(source.CopyDepth(Side.Sell, depth), Is.EqualTo(1));
        Assert.That(depth[0], Is.EqualTo(new BookLevel(167_720_000_000, 600, 1)));
    }

    /// <summary>Of what second and minute bars are archived in, only the file within tells which they are.</summary>
    [TestCase("20131007_spy_second_trade.csv", 1)]
    [TestCase("20131007_spy_minute_trade.csv", 60)]
    [TestCase("data.csv", 1)]
    public void ShouldPlayABarOverItsWholePeriodWhenTheArchivedFileNamesIt(string name, int seconds)
    {
        const string prices = "1676900,1677000,1676800,1676900,400";
        const string bars = $"34200000,{prices}\n34260000,{prices}\n";
        using var source = CsvSource.Open(Zip(name, bars), "20131007_trade.zip");
        var updates = All(source);
        Assert.That(
            updates.Take(4).Select(u => u.ExchangeTimeNs - updates[0].ExchangeTimeNs),
            Is.EqualTo(Enumerable.Range(0, 4).Select(point => point * seconds * Point / 4)));
        Assert.That(updates[4].ExchangeTimeNs - updates[0].ExchangeTimeNs, Is.EqualTo(60 * Point));
    }

    /// <summary>The milliseconds are what a clock on the wall in New York shows, also behind a change of it.</summary>
    [TestCase("20240310", 0, "2024-03-10T05:00:00Z")]
    [TestCase("20240310", 7_199_000, "2024-03-10T06:59:59Z")]
    [TestCase("20240310", 10_800_000, "2024-03-10T07:00:00Z")]
    [TestCase("20240310", 64_800_000, "2024-03-10T22:00:00Z")]
    [TestCase("20240310", 86_400_000, "2024-03-11T04:00:00Z")]
    [TestCase("20241103", 0, "2024-11-03T04:00:00Z")]
    [TestCase("20241103", 3_599_000, "2024-11-03T04:59:59Z")]
    [TestCase("20241103", 7_200_000, "2024-11-03T07:00:00Z")]
    [TestCase("20241103", 64_800_000, "2024-11-03T23:00:00Z")]
    [TestCase("20241103", 86_400_000, "2024-11-04T05:00:00Z")]
    [TestCase("20240311", 64_800_000, "2024-03-11T22:00:00Z")]
    public void ShouldTellTheTimeOfABarWhenTheClocksChangeOnItsDay(string day, long milliseconds, string time)
    {
        var bar = $"{milliseconds},1676900,1676900,1676900,1676900,400\n";
        using var source = CsvSource.Open(Zip($"{day}_es_minute_trade.csv", bar), $"{day}_trade.zip");

        var at = DateTimeOffset.UnixEpoch.AddTicks(All(source)[0].ExchangeTimeNs / 100);
        Assert.That(
            at, Is.EqualTo(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public void ShouldRefuseTheArchiveWhenItHasSeveralFilesOrIsCutOff()
    {
        var two = Zip("a.csv", "ts,last,volume\n", "b.csv");
        Assert.That(
            () => CsvSource.Open(two, "two.zip"),
            Throws.InstanceOf<MarketDataException>().With.Message.EqualTo(
                "two.zip: the archive has 2 files; one is needed."));
        var cut = new MemoryStream(Zip("a.csv", "ts,last,volume\n").ToArray()[..40]);
        Assert.That(
            () => CsvSource.Open(cut, "cut.zip"),
            Throws.InstanceOf<MarketDataException>().With.Message.EqualTo(
                "cut.zip: the archive is cut off or damaged."));
    }

    [Test]
    public void ShouldSayThatItIsCutOffWhenAPackedFileEndsEarly()
    {
        var text = new StringBuilder("ts,last,volume\n");
        for (var i = 0; i < 50_000; i++)
            text.Append(1_700_000_000 + i * i % 7 + i).Append(",5,").Append(i * 7919 % 977 + 1).Append('\n');

        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text.ToString()));

        using var source = CsvSource.Open(new MemoryStream(packed.ToArray()[..^20_000]), "test.csv.gz");
        Assert.That(
            () => All(source),
            Throws.InstanceOf<MarketDataException>().With.Message.Contains("cut off or damaged at line"));
        Assert.That(source.Counts.RecordsApplied, Is.GreaterThan(1_000));
    }

    [Test]
    public void ShouldPlayTheDayWhenTheSpyBarsAreRead()
    {
        var edge = new Edge();
        foreach (var (kind, volume, crossed) in new[] { ("quote", 0L, 62L), ("trade", SpyVolume(), 0L) })
        {
            using var source = CsvSource.Open(RepositoryFiles.SharedPathOf("data", "spy", $"20131008_{kind}.zip"));
            var (update, quantity, updates, timeNs) = (default(MarketUpdate), 0L, 0, 0L);
            while (source.TryNext(ref update))
            {
                quantity += update.TradeQuantity;
                updates++;
                if (edge.Ask(in update) != default || update.ExchangeTimeNs < timeNs)
                    Assert.Fail($"update {updates} of {kind} does not pass: {edge.Ask(in update)}");

                timeNs = update.ExchangeTimeNs;
            }

            Assert.That((quantity, source.Counts.CrossedEvents), Is.EqualTo((volume, crossed)), kind);
            Assert.That(updates, Is.GreaterThan(20_000));
        }
    }

    [Test]
    public void ShouldAllocateNothingPerRowWhenItIsPlayed()
    {
        var text = new StringBuilder("ts,open,high,low,close,volume\n");
        for (var i = 0; i < 40_000; i++)
            text.Append(1_700_000_000 + i).Append(",10.25,12,9.75,11,100\n");

        var bytes = AllocationMeter.FewestBytesOfEach(() =>
        {
            var source = Open(text.ToString(), Point / 4);
            var update = default(MarketUpdate);
            for (var i = 0; i < 40_000; i++)
                Assert.That(source.TryNext(ref update), Is.True);

            return () =>
            {
                while (source.TryNext(ref update))
                {
                    // The bytes are what is asked for.
                }
            };
        });
        Assert.That(bytes, Is.Zero);
    }

    private static long SpyVolume()
    {
        using var archive = ZipFile.OpenRead(RepositoryFiles.SharedPathOf("data", "spy", "20131008_trade.zip"));
        using var lines = new StreamReader(archive.Entries[0].Open());
        return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Sum(line => long.Parse(line.Split(',')[5], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static MemoryStream Zip(string name, string text, params string[] more)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in new[] { name }.Concat(more))
            {
                using var entry = archive.CreateEntry(file).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        stream.Position = 0;
        return stream;
    }

    private static CsvSource Open(string text, long spreadE9) => CsvSource.Open(
        new MemoryStream(Encoding.UTF8.GetBytes(text)), "test.csv", new CsvSourceOptions { BarSpreadE9 = spreadE9 });

    private static List<MarketUpdate> Play(string text, long spreadE9 = Point / 100)
    {
        using var source = Open(text, spreadE9);
        return All(source);
    }

    private static List<MarketUpdate> All(CsvSource source)
    {
        var updates = new List<MarketUpdate>();
        for (var update = default(MarketUpdate); source.TryNext(ref update);)
            updates.Add(update);

        return updates;
    }

    private static (long, int, long, int) Quote(MarketUpdate u) =>
        (u.BidPriceE9, u.BidQuantity, u.AskPriceE9, u.AskQuantity);

    private static (long, int, Side) Trade(MarketUpdate u) => (u.TradePriceE9, u.TradeQuantity, u.Aggressor);
}
