using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Positions;

/// <summary>
/// The account from the list of all executions, in decimals and with no state but that list: what the portfolio is
/// held against. Cash is what was paid and received, so that equity needs no idea of cost at all.
/// </summary>
internal sealed class NaivePortfolio(InstrumentTable instruments, decimal startingCash)
{
    private readonly List<(int Instrument, int Signed, decimal Price, decimal Fee)> _executions = [];
    private readonly Dictionary<int, decimal> _marks = [];

    public void Execute(int instrument, Side side, int quantity, decimal price, decimal fee)
    {
        _executions.Add((instrument, side == Side.Buy ? quantity : -quantity, price, fee));
        _marks.TryAdd(instrument, price);
    }

    public void Mark(int instrument, decimal price) => _marks[instrument] = price;

    public int Position(int instrument) => _executions.Where(e => e.Instrument == instrument).Sum(e => e.Signed);

    public decimal Fees => _executions.Sum(e => e.Fee);

    public decimal Equity => startingCash - Fees + Indices.Sum(i => Value(i) - Paid(i));

    public decimal GrossNotional => Indices.Sum(i => Math.Abs(Value(i)));

    public decimal Margin => Indices.Sum(i => Math.Abs(Position(i)) * instruments[i].MarginPerContractE6 * 1e-6m);

    public int OpenPositions => Indices.Count(i => Position(i) != 0);

    /// <summary>Average cost, lot by lot: what is closed leaves at the average of what is held.</summary>
    public decimal Realized(int instrument)
    {
        var held = 0;
        var average = 0m;
        var realized = 0m;
        foreach (var (_, signed, price, _) in _executions.Where(e => e.Instrument == instrument))
        {
            for (var lot = 0; lot < Math.Abs(signed); lot++)
            {
                var one = Math.Sign(signed);
                if (held == 0 || Math.Sign(held) == one)
                    average = (average * Math.Abs(held) + price) / (Math.Abs(held) + 1);
                else
                    realized += (price - average) * -one * instruments[instrument].Multiplier;
                held += one;
            }
        }

        return realized;
    }

    private IEnumerable<int> Indices => Enumerable.Range(0, instruments.Count);

    private decimal Value(int i) => Position(i) * _marks.GetValueOrDefault(i) * instruments[i].Multiplier;

    private decimal Paid(int i) =>
        _executions.Where(e => e.Instrument == i).Sum(e => e.Signed * e.Price) * instruments[i].Multiplier;
}
