using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>
/// Plays files of single orders one after the other, in the order of their times. Unlike a <see cref="MergedSource"/>
/// it never reads a record before the updates of those before it have been taken: whoever listens to the records sends
/// orders in between.
/// </summary>
public sealed class OrderFlow : IMarketSource, IDisposable
{
    private readonly Queue<string> _paths;
    private readonly MarketReplayOptions _options;
    private MarketReplay? _file;
    private MarketCounts _counts;

    /// <param name="paths">
    /// DBN files of schema mbo. Each is played to its end: where the next one begins before that, time goes back.
    /// </param>
    /// <param name="options">How each is played, and who listens.</param>
    /// <exception cref="MarketDataException">One is no DBN file of a market.</exception>
    public OrderFlow(IReadOnlyList<string> paths, MarketReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        _paths = new Queue<string>(paths.OrderBy(FirstTimeNs));
        _options = options;
    }

    public MarketCapabilities Capabilities => MarketCapabilities.Of(DbnSchema.Mbo);

    /// <summary>The name of the file that is played; null: before the first and behind the last one.</summary>
    public string? Name => _file?.Name;

    public MarketCounts Counts => _file is null ? _counts : _counts.Plus(_file.Counts);

    /// <summary>Whether all are files of single orders.</summary>
    /// <exception cref="MarketDataException">One is damaged at its beginning.</exception>
    public static bool CanPlay(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Count > 0 && paths.All(HasOrders);
    }

    public bool TryNext(ref MarketUpdate update)
    {
        while (true)
        {
            if (_file is null)
            {
                if (!_paths.TryDequeue(out var path))
                    return false;

                _file = MarketReplay.Open(path, _options);
            }

            if (_file.TryNext(ref update))
                return true;

            _counts = _counts.Plus(_file.Counts);
            _file.Dispose();
            _file = null;
        }
    }

    public int CopyDepth(Side side, Span<BookLevel> levels) => _file?.CopyDepth(side, levels) ?? 0;

    public void Dispose() => _file?.Dispose();

    private static bool HasOrders(string path)
    {
        if (!MarketFiles.IsDbn(path))
            return false;

        using var reader = DbnReader.Open(path);
        return reader.IsByOrder;
    }

    private static long FirstTimeNs(string path)
    {
        using var replay = new DbnReplay(DbnReader.Open(path));
        return replay.NextTimeNs;
    }
}
