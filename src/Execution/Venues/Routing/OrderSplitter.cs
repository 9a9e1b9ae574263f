using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Routing;

/// <summary>
/// Splits an order over venues so that it costs least: contract by contract, in blocks of a level, the cheapest next
/// one of any venue. Since a venue's contracts get dearer from level to level, this is the optimum. All memory is taken
/// at start.
/// </summary>
public sealed class OrderSplitter
{
    private readonly int _levels;
    private readonly VenueTerms[] _terms;
    private readonly DepthLevel[] _depth;
    private readonly int[] _depthCounts;
    private readonly int[] _taken;
    private readonly int[] _at;
    private readonly int[] _leftAt;
    private int _count;

    /// <param name="venues">The most venues.</param>
    /// <param name="levels">The most levels of each.</param>
    public OrderSplitter(int venues, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(venues);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        _levels = levels;
        _terms = new VenueTerms[venues];
        _depth = new DepthLevel[venues * levels];
        _depthCounts = new int[venues];
        _taken = new int[venues];
        _at = new int[venues];
        _leftAt = new int[venues];
    }

    /// <summary>Venues offered.</summary>
    public int Count => _count;

    /// <summary>Begins with no venue.</summary>
    public void Clear() => _count = 0;

    /// <summary>Offers a venue with its levels, best first; those beyond the most are left out.</summary>
    public void Add(in VenueTerms terms, ReadOnlySpan<DepthLevel> depth)
    {
        var count = Math.Min(depth.Length, _levels);
        depth[..count].CopyTo(_depth.AsSpan(_count * _levels));
        _depthCounts[_count] = count;
        _terms[_count++] = terms;
    }

    public ref readonly VenueTerms this[int place] => ref _terms[place];

    /// <summary>Contracts that the last split sends to the venue at a place.</summary>
    public int QuantityAt(int place) => _taken[place];

    /// <summary>Splits an order, as far as the venues that are up offer enough within its limit.</summary>
    /// <param name="side">Of the order.</param>
    /// <param name="quantity">In contracts.</param>
    /// <param name="limitE9">The worst price, in 1e-9.</param>
    /// <param name="costs">Of the market.</param>
    /// <param name="costE9">The expected cost of all contracts placed, in 1e-9 of a point, against the best price.
    /// </param>
    /// <returns>Contracts placed.</returns>
    public int Split(Side side, int quantity, long limitE9, in MarketCosts costs, out Int128 costE9)
    {
        Reset();
        costE9 = 0;
        var referenceE9 = BestE9(side);
        var left = quantity;
        while (left > 0 && TryFindCheapest(side, limitE9, referenceE9, costs, out var place, out var contractE9))
        {
            var block = Math.Min(left, _leftAt[place]);
            _taken[place] += block;
            _leftAt[place] -= block;
            left -= block;
            costE9 += (Int128)contractE9 * block;
            if (_leftAt[place] == 0)
                GoToLevel(place, _at[place] + 1);
        }

        return quantity - left;
    }

    /// <summary>
    /// The venue to which a rest goes when another one fails: the cheapest of the others that is up and still offers
    /// something within the limit after the last split. False when there is none.
    /// </summary>
    public bool TryFindBackup(Side side, long limitE9, in MarketCosts costs, int failed, out int place)
    {
        var wasUp = _terms[failed].IsUp;
        _terms[failed].IsUp = false;
        var isFound = TryFindCheapest(side, limitE9, BestE9(side), costs, out place, out _);
        _terms[failed].IsUp = wasUp;
        return isFound;
    }

    private void Reset()
    {
        for (var place = 0; place < _count; place++)
        {
            _taken[place] = 0;
            GoToLevel(place, 0);
        }
    }

    private void GoToLevel(int place, int level)
    {
        _at[place] = level;
        _leftAt[place] = level < _depthCounts[place] ? _depth[place * _levels + level].Quantity : 0;
    }

    private long BestE9(Side side)
    {
        var bestE9 = side == Side.Buy ? long.MaxValue : long.MinValue;
        for (var place = 0; place < _count; place++)
        {
            if (_depthCounts[place] > 0 && _terms[place].IsUp)
            {
                var priceE9 = _depth[place * _levels].PriceE9;
                bestE9 = side == Side.Buy ? Math.Min(bestE9, priceE9) : Math.Max(bestE9, priceE9);
            }
        }

        return bestE9;
    }

    private bool TryFindCheapest(
        Side side, long limitE9, long referenceE9, in MarketCosts costs, out int found, out long contractE9)
    {
        found = -1;
        contractE9 = long.MaxValue;
        for (var place = 0; place < _count; place++)
        {
            while (_leftAt[place] == 0 && _at[place] < _depthCounts[place])
                GoToLevel(place, _at[place] + 1);
            if (_leftAt[place] == 0 || !_terms[place].IsUp)
                continue;

            var priceE9 = _depth[place * _levels + _at[place]].PriceE9;
            if (side == Side.Buy ? priceE9 > limitE9 : priceE9 < limitE9)
                continue;

            var hereE9 = VenueCost.OfContractE9(side, priceE9, referenceE9, _terms[place], costs);
            if (found >= 0 && hereE9 >= contractE9)
                continue;

            (found, contractE9) = (place, hereE9);
        }

        return found >= 0;
    }
}
