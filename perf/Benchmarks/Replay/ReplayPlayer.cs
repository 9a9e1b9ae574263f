using System.Diagnostics;
using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Benchmarks.Replay;

/// <summary>How far the records of a file are taken.</summary>
public enum ReplayWork
{
    /// <summary>Decompressed and read, nothing more.</summary>
    Decompress,

    /// <summary>Read from memory, where they lie decompressed.</summary>
    Read,

    /// <summary>Read from memory and applied to the book, order by order.</summary>
    Book,

    /// <summary>The same, with own orders standing in the book's queues.</summary>
    Queues,

    /// <summary>Read from memory and turned into the pipeline's market updates.</summary>
    Updates,
}

/// <summary>What came of a file.</summary>
/// <param name="Records">Records played.</param>
/// <param name="TradedQuantity">Contracts traded; 0 where trades are not looked at.</param>
/// <param name="ElapsedNs">How long all records took.</param>
/// <param name="AllocatedBytes">What the thread allocated meanwhile, after the first record.</param>
public readonly record struct ReplayResult(long Records, long TradedQuantity, double ElapsedNs, long AllocatedBytes);

/// <summary>Plays a file of orders that lies in memory, and times it.</summary>
public sealed class ReplayPlayer
{
    private const int OwnOrders = 100;

    private readonly byte[] _packed;
    private readonly byte[] _plain;
    private readonly string _name;

    /// <param name="packed">The file as it is, of schema mbo.</param>
    /// <param name="plain">The file decompressed.</param>
    /// <param name="name">Its name, for messages.</param>
    public ReplayPlayer(byte[] packed, byte[] plain, string name) => (_packed, _plain, _name) = (packed, plain, name);

    /// <summary>Reads a file into memory, packed and decompressed.</summary>
    /// <exception cref="MarketDataException">It is no file of orders.</exception>
    public static ReplayPlayer Open(string path)
    {
        var plain = new MemoryStream();
        using (var file = CompressedFile.Open(path))
        {
            var buffer = new byte[1 << 16];
            for (int read; (read = file.Read(buffer, plain.Length)) > 0;)
                plain.Write(buffer, 0, read);
        }

        return new ReplayPlayer(File.ReadAllBytes(path), plain.ToArray(), Path.GetFileName(path));
    }

    /// <summary>Plays the file once.</summary>
    public ReplayResult Play(ReplayWork work)
    {
        using var reader = DbnReader.Open(new MemoryStream(work == ReplayWork.Decompress ? _packed : _plain), _name);
        return work switch
        {
            ReplayWork.Decompress or ReplayWork.Read => Read(reader),
            ReplayWork.Updates => Update(reader),
            _ => Apply(reader, work == ReplayWork.Queues ? OwnOrders : 0),
        };
    }

    private static ReplayResult Read(DbnReader reader)
    {
        var record = default(MboRecord);
        reader.TryRead(ref record);
        var clock = new Clock();
        while (reader.TryRead(ref record))
        {
            // Reading is all that is timed.
        }

        return clock.Stop(reader.RecordsRead, 0);
    }

    private static ReplayResult Apply(DbnReader reader, int ownOrders)
    {
        using var replay = new DbnReplay(reader);
        replay.TryNext();
        var clock = new Clock();
        while (replay.TryNext())
        {
            if (replay.Queues.Count < ownOrders && replay.IsEventEnd && replay.Counts.Trades > 0)
                Join(replay);
        }

        return clock.Stop(replay.Counts.RecordsApplied, replay.Counts.TradedQuantity);
    }

    private static void Join(DbnReplay replay)
    {
        replay.Queues.Join(replay.Book, MboSide.Bid, replay.BestBid.PriceE9);
        replay.Queues.Join(replay.Book, MboSide.Ask, replay.BestAsk.PriceE9);
    }

    private static ReplayResult Update(DbnReader reader)
    {
        using var replay = new MarketReplay(reader);
        var (update, traded) = (default(MarketUpdate), 0L);
        replay.TryNext(ref update);
        var clock = new Clock();
        while (replay.TryNext(ref update))
            traded += update.TradeQuantity;

        return clock.Stop(replay.Counts.RecordsApplied, traded);
    }

    private readonly struct Clock
    {
        private readonly long _allocated = GC.GetAllocatedBytesForCurrentThread();
        private readonly long _start = Stopwatch.GetTimestamp();

        public Clock()
        {
        }

        public ReplayResult Stop(long records, long tradedQuantity)
        {
            var elapsedNs = (Stopwatch.GetTimestamp() - _start) * 1e9 / Stopwatch.Frequency;
            return new(records, tradedQuantity, elapsedNs, GC.GetAllocatedBytesForCurrentThread() - _allocated);
        }
    }
}
