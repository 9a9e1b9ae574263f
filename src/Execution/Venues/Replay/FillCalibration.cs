using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Replay;

/// <summary>
/// Measures in data with single orders what <see cref="FillModel.Fraction"/> and <see cref="FillModel.Hazard"/> assume:
/// an order of one contract stands at the end of each side's best queue, and each trade at its price either reaches it
/// or not. It joins again when it was executed or the market has left its price.
/// </summary>
public sealed class FillCalibration
{
    private readonly Probe _bid = new(Side.Buy);
    private readonly Probe _offer = new(Side.Sell);

    /// <summary>Trades seen at the probes' prices.</summary>
    public long Trades => _bid.Trades + _offer.Trades;

    /// <summary>The share of the contracts traded that went by the place of the probe, in basis points.</summary>
    public int FractionBps => ShareBps(_bid.Behind + _offer.Behind, _bid.Traded + _offer.Traded);

    /// <summary>The share of the trades that reached the probe, in basis points.</summary>
    public int HazardBps => ShareBps(_bid.Reached + _offer.Reached, Trades);

    /// <summary>After each record.</summary>
    public void OnRecord(IRecordedMarket market)
    {
        _bid.OnRecord(market);
        _offer.OnRecord(market);
    }

    private static int ShareBps(long part, long whole) => whole == 0 ? 0 : (int)(part * 10_000 / whole);

    private sealed class Probe(Side side)
    {
        private readonly RecordedLevel[] _best = new RecordedLevel[1];
        private int _place = -1;
        private long _priceE9;

        public long Trades { get; private set; }

        public long Traded { get; private set; }

        public long Behind { get; private set; }

        public long Reached { get; private set; }

        public void OnRecord(IRecordedMarket market)
        {
            var change = market.Change;
            var isReached = false;
            if (_place >= 0 && change.Filled > 0 && change.Side == side && change.PriceE9 == _priceE9)
            {
                var behind = Math.Min(change.Filled, market.FilledBehind(_place));
                Trades++;
                Traded += change.Filled;
                Behind += behind;
                Reached += behind > 0 ? 1 : 0;
                isReached = behind > 0;
            }

            var hasBest = market.CopyDepth(side, _best) > 0;
            if (_place >= 0 && (isReached || !hasBest || _best[0].PriceE9 != _priceE9))
            {
                market.Leave(_place);
                _place = -1;
            }

            if (_place < 0 && hasBest)
            {
                _priceE9 = _best[0].PriceE9;
                _place = market.Join(side, _priceE9);
            }
        }
    }
}
