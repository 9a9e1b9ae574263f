using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// Counts events within a sliding window of time, exactly: it keeps their times. All memory is taken at start; what is
/// older than the window is dropped when it is asked for, so each event costs O(1).
/// </summary>
public sealed class EventRate : IStateful
{
    private readonly long[] _timesNs;
    private readonly long _windowNs;
    private int _first;

    /// <param name="capacity">The most events that are told apart: beyond, the oldest is forgotten.</param>
    /// <param name="windowNs">An event leaves the window when it is this old.</param>
    public EventRate(int capacity, long windowNs)
    {
        _timesNs = new long[capacity];
        _windowNs = windowNs;
    }

    /// <summary>As of the last call.</summary>
    public int Count { get; private set; }

    /// <summary>Events in the window that ends now; time does not run backwards.</summary>
    public int CountAt(long timeNs)
    {
        while (Count > 0 && timeNs - _timesNs[_first] >= _windowNs)
            DropFirst();
        return Count;
    }

    public void Add(long timeNs)
    {
        if (CountAt(timeNs) == _timesNs.Length)
            DropFirst();

        var place = _first + Count;
        _timesNs[place >= _timesNs.Length ? place - _timesNs.Length : place] = timeNs;
        Count++;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_timesNs);
        state.Value(ref _first);
        Count = state.Next(Count);
    }

    private void DropFirst()
    {
        _first = _first + 1 == _timesNs.Length ? 0 : _first + 1;
        Count--;
    }
}
