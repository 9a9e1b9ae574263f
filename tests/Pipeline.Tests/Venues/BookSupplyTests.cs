using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Tests.Recovery;

namespace ExecutionPipeline.Pipeline.Tests.Venues;

/// <summary>An order of ours that rests at a venue's best price keeps its place behind what was there before.</summary>
[TestFixture]
public sealed class BookSupplyTests
{
    private const long E9 = 1_000_000_000;
    private const long PriceE9 = 5_000 * E9;
    private const long TickE9 = E9 / 4;

    private CrashedFolder _folders = null!;
    private VenueRun _venue = null!;
    private long _timeNs;
    private Side _side;

    [SetUp]
    public void MakeFolders() => (_folders, _timeNs) = (new CrashedFolder(), 1_700_000_000 * E9);

    [TearDown]
    public void End()
    {
        _venue.Dispose();
        _folders.Dispose();
    }

    // Ten stand before our five.
    [Test]
    public void ShouldStandBehindWhatATradeHasLeft(
        [Values(Side.Buy, Side.Sell)] Side side, [Values(0, 1_000)] long late)
    {
        Rest(side, late);
        Show(7, traded: 3);
        Show(2, traded: 5);
        Assert.That(Filled, Is.Zero, "two are before it yet");
        Show(2, traded: 4);
        Assert.That(Filled, Is.EqualTo(2));
    }

    [Test]
    public void ShouldMoveUpAsFarAsContractsHaveGone(
        [Values(Side.Buy, Side.Sell)] Side side, [Values(0, 1_000)] long late)
    {
        Rest(side, late);
        Show(6);
        Show(1, traded: 5);
        Assert.That(Filled, Is.Zero);
        Show(5, traded: 3);
        Assert.That(Filled, Is.EqualTo(2), "one was before it");
    }

    [Test]
    public void ShouldStandBeforeWhatComesLater(
        [Values(Side.Buy, Side.Sell)] Side side, [Values(0, 1_000)] long late)
    {
        Rest(side, late);
        foreach (var displayed in new[] { 11, 12, 13, 14, 15, 16 })
            Show(displayed);
        Show(6, traded: 10);
        Assert.That(Filled, Is.Zero);
        Show(4, traded: 7);
        Assert.That(Filled, Is.EqualTo(5), "two of those behind it have traded as well");
        Show(3);
        Show(1, traded: 3);
        Show(0, traded: 9);
        Assert.That(Filled, Is.EqualTo(5));
    }

    /// <summary>What it quotes is taken back where its best price is another one.</summary>
    [Test]
    public void ShouldTakeBackWhatStandsWhenTheBestPriceMoves()
    {
        Rest(Side.Buy, late: 0);
        Show(10, ticks: -3);
        Show(10, traded: 5, ticks: -3);
        Assert.That(Filled, Is.EqualTo(5), "nothing stands before it any more");
    }

    private int Filled => _venue.Told.Sum(static report => report.LastQuantity);

    private void Rest(Side side, long late)
    {
        _side = side;
        _venue = new VenueRun(_folders.New(), new MatchingVenueOptions { LatencyNs = late });
        Show(10);
        Take(EventKind.VenueRequest, new EventPayload
        {
            VenueRequest = new VenueRequest
            {
                Kind = VenueRequestKind.NewOrder,
                OrderId = 1,
                Side = side,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = 5,
                LimitPriceE9 = PriceE9,
            },
        });
    }

    /// <summary>Our side shows so many contracts at a price, after others have traded with it.</summary>
    private void Show(int displayed, int traded = 0, int ticks = 0)
    {
        var (own, other) = (PriceE9 + ticks * TickE9, PriceE9 + (_side == Side.Buy ? TickE9 : -TickE9));
        var isBid = _side == Side.Buy;
        Take(EventKind.MarketUpdate, new EventPayload
        {
            MarketUpdate = new MarketUpdate
            {
                BidPriceE9 = isBid ? own : other,
                AskPriceE9 = isBid ? other : own,
                BidQuantity = isBid ? displayed : 50,
                AskQuantity = isBid ? 50 : displayed,
                TradePriceE9 = traded > 0 ? PriceE9 : 0,
                TradeQuantity = traded,
                Aggressor = traded == 0 ? Side.None : isBid ? Side.Sell : Side.Buy,
            },
        });
    }

    /// <summary>All that it leads to has arrived before the next.</summary>
    private void Take(EventKind kind, EventPayload payload)
    {
        foreach (var (one, content) in new[] { (kind, payload), (EventKind.Timer, default(EventPayload)) })
        {
            _timeNs += 10_000;
            var e = new PipelineEvent
            {
                Header = { Kind = one, TimeNs = _timeNs, CorrelationId = content.VenueRequest.OrderId },
                Payload = content,
            };
            _venue.Take(in e);
        }
    }
}
