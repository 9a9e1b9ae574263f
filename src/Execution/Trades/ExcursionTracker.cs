using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Trades;

/// <summary>
/// Knows the highest and the lowest price since any open trade began, at a cost for each price that does not depend on
/// how many trades are open. Each opening begins an epoch of its instrument; a monotone stack holds, for every epoch
/// that still matters, the extreme from it until now. Extremes grow from the top of the stack down, so that a price
/// removes those that it outdoes and is put on top: O(1) amortised. The extreme since an epoch is the first entry that
/// is not older: O(log n). All memory is taken at start; one thread.
/// </summary>
public sealed class ExcursionTracker : IStateful
{
    private readonly ExtremeStack[] _highs;
    private readonly ExtremeStack[] _lows;
    private readonly long[] _epochs;

    /// <param name="instruments">Number of instruments.</param>
    /// <param name="openTrades">The most trades that are open at a time.</param>
    public ExcursionTracker(int instruments, int openTrades)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(instruments);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(openTrades);

        // Twice as large as what matters, so that one clean-up is paid for by as many openings.
        var room = 2 * openTrades + 2;
        _epochs = new long[instruments];
        _highs = [.. Enumerable.Range(0, instruments).Select(_ => new ExtremeStack(room))];
        _lows = [.. Enumerable.Range(0, instruments).Select(_ => new ExtremeStack(room))];
    }

    /// <summary>Whether <see cref="Compact"/> is due before the next opening.</summary>
    public bool IsFull(int instrument) => _highs[instrument].IsFull || _lows[instrument].IsFull;

    /// <summary>Begins an epoch: that of the trade that opens now.</summary>
    public long Open(int instrument) => ++_epochs[instrument];

    /// <summary>Takes a price of the market.</summary>
    public void Observe(int instrument, long priceE9)
    {
        _highs[instrument].Push(_epochs[instrument], priceE9);
        _lows[instrument].Push(_epochs[instrument], -priceE9);
    }

    /// <summary>The highest price since an epoch began; false where there was none.</summary>
    public bool TryHighSince(int instrument, long epoch, out long priceE9) =>
        _highs[instrument].TryLargestSince(epoch, out priceE9);

    /// <summary>The lowest price since an epoch began; false where there was none.</summary>
    public bool TryLowSince(int instrument, long epoch, out long priceE9)
    {
        var isKnown = _lows[instrument].TryLargestSince(epoch, out var negated);
        priceE9 = -negated;
        return isKnown;
    }

    /// <summary>Forgets everything of an instrument that has no open trade.</summary>
    public void Clear(int instrument)
    {
        _highs[instrument].Clear();
        _lows[instrument].Clear();
    }

    /// <summary>Forgets what no open trade is asked for by.</summary>
    /// <param name="instrument">Index.</param>
    /// <param name="openEpochs">Of the open trades, growing.</param>
    public void Compact(int instrument, ReadOnlySpan<long> openEpochs)
    {
        _highs[instrument].Compact(openEpochs);
        _lows[instrument].Compact(openEpochs);
    }

    public void Transfer(StateStream state)
    {
        foreach (var highs in _highs)
            highs.Transfer(state);
        foreach (var lows in _lows)
            lows.Transfer(state);
        state.Array(_epochs);
    }

    private sealed class ExtremeStack(int room) : IStateful
    {
        private readonly long[] _since = new long[room];
        private readonly long[] _values = new long[room];
        private int _count;

        /// <summary>An epoch adds one entry at most, so this asked at each opening is asked often enough.</summary>
        public bool IsFull => _count >= room - 1;

        public void Push(long epoch, long value)
        {
            while (_count > 0 && _values[_count - 1] <= value)
                _count--;
            if (_count > 0 && _since[_count - 1] == epoch)
                return;

            _since[_count] = epoch;
            _values[_count++] = value;
        }

        public bool TryLargestSince(long epoch, out long value)
        {
            var place = FirstSince(epoch);
            value = place < _count ? _values[place] : 0;
            return place < _count;
        }

        public void Clear() => _count = 0;

        /// <summary>An entry matters if an open trade began after the entry below it and not after the entry.</summary>
        public void Compact(ReadOnlySpan<long> openEpochs)
        {
            var kept = 0;
            var open = 0;
            for (var i = 0; i < _count; i++)
            {
                if (open == openEpochs.Length || openEpochs[open] > _since[i])
                    continue;

                while (open < openEpochs.Length && openEpochs[open] <= _since[i])
                    open++;
                _since[kept] = _since[i];
                _values[kept++] = _values[i];
            }

            _count = kept;
        }

        public void Transfer(StateStream state)
        {
            state.Array(_since);
            state.Array(_values);
            state.Value(ref _count);
        }

        private int FirstSince(long epoch)
        {
            var low = 0;
            var high = _count;
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (_since[middle] < epoch)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }
    }
}
