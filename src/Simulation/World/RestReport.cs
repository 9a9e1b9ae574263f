using System.Globalization;
using System.Text;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Simulation.World;

/// <summary>Whether nothing is open any more, at the venue as here, and what is.</summary>
internal readonly struct RestReport(SimulatedWorld world, StageChain chain)
{
    public bool IsAtRest
    {
        get
        {
            if (chain.Routing.Orders.WorkingOrders > 0 || chain.Routing.Trades.OpenTrades > 0
                || world.Account.OpenParents > 0)
                return false;

            for (var instrument = 0; instrument < world.Assembly.Instruments.Count; instrument++)
            {
                if (world.VenueBook.Position(instrument) != 0 || world.Account.Position(instrument) != 0
                    || world.Venue.RestingOrders(instrument) != 0)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Whether each trade with a stop has it at the venue, or an order that closes it.</summary>
    public bool IsProtected
    {
        get
        {
            for (var instrument = 0; instrument < world.Assembly.Instruments.Count; instrument++)
            {
                if (!IsProtectedOn(instrument, Side.Buy) || !IsProtectedOn(instrument, Side.Sell))
                    return false;
            }

            return true;
        }
    }

    /// <summary>In one sentence.</summary>
    public string UnprotectedText => "in the end a trade has no stop at the venue, nor an order that closes it; "
        + $"{chain.Routing.Trades.OpenTrades} trades are open and {chain.Routing.Orders.WorkingOrders} orders work";

    /// <summary>In one sentence.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder("in the end not everything was closed, at the venue as in the pipeline: ");
            text.Append(CultureInfo.InvariantCulture, $"{chain.Routing.Orders.WorkingOrders} orders work, ");
            text.Append(CultureInfo.InvariantCulture, $"{chain.Routing.Trades.OpenTrades} trades and ");
            text.Append(CultureInfo.InvariantCulture, $"{world.Account.OpenParents} parents are open");
            for (var instrument = 0; instrument < world.Assembly.Instruments.Count; instrument++)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"; of instrument {instrument} the venue holds {world.VenueBook.Position(instrument)} and rests "
                    + $"{world.Venue.RestingOrders(instrument)}, and the pipeline holds "
                    + $"{world.Account.Position(instrument)}");
            }

            return text.ToString();
        }
    }

    private bool IsProtectedOn(int instrument, Side side)
    {
        var trades = chain.Routing.Trades;
        for (var slot = trades.FirstOpen(instrument, side); slot >= 0; slot = trades.NextOpen(slot))
        {
            ref readonly var trade = ref trades[slot];
            if (trade.StopPriceE9 > 0
                && !world.VenueBook.IsOpen(trade.Stop.OrderId)
                && !world.VenueBook.IsOpen(trade.Close.OrderId))
                return false;
        }

        return true;
    }
}
