using ExecutionPipeline.MarketData.Csv;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>How files of a market are played.</summary>
public sealed class MarketFileOptions
{
    /// <summary>How DBN files are played.</summary>
    public MarketReplayOptions Replay { get; init; } = new();

    /// <summary>
    /// How far apart the quotes are that are made up around bars where no file has quotes, in 1e-9. Default 0.01.
    /// </summary>
    public long BarSpreadE9 { get; init; } = 10_000_000;
}

/// <summary>Opens files of one instrument's market, DBN or CSV as their content says.</summary>
public static class MarketFiles
{
    /// <summary>Whether the file is DBN, packed or not; else it is read as CSV.</summary>
    /// <exception cref="MarketDataException">It is packed and damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsDbn(string path)
    {
        using var file = CompressedFile.Open(path);
        var magic = new byte[3];
        var length = 0;
        for (int read; length < magic.Length && (read = file.Read(magic.AsSpan(length), length)) > 0;)
            length += read;

        return magic.AsSpan().SequenceEqual("DBN"u8);
    }

    /// <summary>Opens one file. The caller disposes of it.</summary>
    /// <exception cref="MarketDataException">It has no market that is read here.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IMarketSource Open(string path, MarketFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return IsDbn(path)
            ? MarketReplay.Open(path, options.Replay)
            : CsvSource.Open(path, new CsvSourceOptions { BarSpreadE9 = options.BarSpreadE9 });
    }

    /// <summary>
    /// Opens several files as one market, in the order of time whatever the order of their names. The caller disposes
    /// of it.
    /// </summary>
    /// <exception cref="MarketDataException">One has no market that is read here.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static IMarketSource Open(IReadOnlyList<string> paths, MarketFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        if (paths.Count == 1)
            return Open(paths[0], options);

        // Quotes first, so that a trade of the same moment meets the quote of that moment.
        var looks = paths.Select(path => Look(path, options)).OrderByDescending(look => look.Capabilities.HasQuotes)
            .ToArray();
        var hasQuotes = looks[0].Capabilities.HasQuotes;
        var used = hasQuotes
            ? new MarketFileOptions { Replay = options.Replay, BarSpreadE9 = 0 }
            : options;
        var parts = looks.Where(look => look.FirstTimeNs != null)
            .Select(look => new MergedPart(look.FirstTimeNs!.Value, () => Open(look.Path, used)));
        return new MergedSource([.. parts], Together([.. looks.Select(look => look.Capabilities)]));
    }

    /// <summary>
    /// What several sources can tell together: no more of quotes than the least of those that have them.
    /// </summary>
    public static MarketCapabilities Together(IReadOnlyList<MarketCapabilities> parts)
    {
        var hasTrades = parts.Any(part => part.HasTrades);
        return parts.OrderByDescending(part => part.HasQuotes).ThenBy(part => part.Detail)
            .ThenBy(part => part.DepthLevels).First() with
        { HasTrades = hasTrades };
    }

    private static (string Path, MarketCapabilities Capabilities, long? FirstTimeNs) Look(
        string path, MarketFileOptions options)
    {
        var source = Open(path, options);
        try
        {
            var first = default(MarketUpdate);
            long? timeNs = source.TryNext(ref first) ? first.ExchangeTimeNs : null;
            return (path, source.Capabilities, timeNs);
        }
        finally
        {
            (source as IDisposable)?.Dispose();
        }
    }
}
