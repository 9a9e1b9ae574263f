namespace ExecutionPipeline.Execution.Limits;

/// <summary>The share of bad ones among the latest outcomes; all memory taken at start, O(1) each.</summary>
public sealed class OutcomeWindow
{
    private readonly bool[] _isBad;
    private readonly int _minimum;
    private int _next;
    private int _count;
    private int _bad;

    /// <param name="length">The latest outcomes that count.</param>
    /// <param name="minimum">Outcomes below which there is no share.</param>
    public OutcomeWindow(int length, int minimum)
    {
        _isBad = new bool[length];
        _minimum = minimum;
    }

    /// <summary>[0, 1]; 0 while there are too few.</summary>
    public double Share => _count < _minimum ? 0 : (double)_bad / _count;

    public void Add(bool isBad)
    {
        if (_count < _isBad.Length)
            _count++;
        else if (_isBad[_next])
            _bad--;

        _isBad[_next] = isBad;
        _bad += isBad ? 1 : 0;
        _next = _next + 1 == _isBad.Length ? 0 : _next + 1;
    }

    public void Clear()
    {
        _next = 0;
        _count = 0;
        _bad = 0;
    }
}
