using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>
/// The course of the volume over the day as the days of a backtest so far had it: even on the first day, and from then
/// on the average of the whole days before. It never knows of the day that is played.
/// </summary>
public sealed class LearnedVolume : IVolumeCurve
{
    private const long BucketNs = 300_000_000_000;
    private const long DayNs = 86_400_000_000_000;

    private readonly VolumeProfile _profile = new(BucketNs, (int)(DayNs / BucketNs));
    private VolumeCurve _curve = VolumeCurve.Even;
    private long _dayNs;

    public double ShareBetween(long fromNs, long toNs) => _curve.ShareBetween(fromNs, toNs);

    /// <summary>Takes in an update; one without a trade changes nothing.</summary>
    public void Add(in MarketUpdate update)
    {
        if (update.TradeQuantity <= 0)
            return;

        var dayNs = update.ExchangeTimeNs / DayNs * DayNs;
        if (dayNs != _dayNs)
        {
            if (_profile.Days > 0)
                _curve = new VolumeCurve(_profile.AverageDay());
            _dayNs = dayNs;
        }

        _profile.Add(dayNs, update.ExchangeTimeNs, update.TradeQuantity);
    }
}
