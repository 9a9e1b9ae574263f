using System.Globalization;
using System.Text;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Options;

public sealed class OrderRoomTests
{
    private const string Future = """{ "instruments": [ { "id": 1, "symbol": "ES" } ] }""";

    [Test]
    public void ShouldNameEveryLimitWhenTheDefaultsRefuseOneFuture()
    {
        var line = OrderRoom.Describe(Parse(Future), static _ => 4_150.25m).Single();

        Assert.That(line, Does.StartWith("every order in ES will be refused: one contract at 4150.25 needs "));
        Assert.That(line, Does.Contain("limits.max_daily_var 7,241 (it is 5,000)"));
        Assert.That(line, Does.Contain("limits.max_position_share 2.08 (it is 0.08)"));
        Assert.That(line, Does.Not.Contain("max_notional").And.Not.Contain("max_position "), "these have room");
    }

    [TestCase("""{ "account": { "starting_cash": 19000 } }""", "one contract needs account.starting_cash 20,000")]
    [TestCase(
        """{ "limits": { "min_order_size": 4, "max_position": 3 } }""",
        "the smallest order, 4 contracts, needs limits.max_position 4 (it is 3)")]
    public void ShouldHoldWhatNeedsNoPriceWhenNoneIsKnown(string layer, string expected) =>
        Assert.That(OrderRoom.Describe(Parse(Future, layer), static _ => null).Single(), Does.Contain(expected));

    [TestCase("max_notional", 49_999, "limits.max_notional 50,000 (it is 49,999)")]
    [TestCase("max_order_value", 49_999, "limits.max_order_value 50,000 (it is 49,999)")]
    [TestCase("max_weekly_var", 3_900, "limits.max_weekly_var 3,901 (it is 3,900)")]
    [TestCase("max_sector_share", 0.04, "limits.max_sector_share 0.05 (it is 0.04)")]
    [TestCase("max_shortfall", 0.001, "limits.max_shortfall 0.00175 (it is 0.001)")]
    public void ShouldSayNothingUnlessALimitIsBelowWhatOneContractNeeds(string key, double limit, string expected)
    {
        const string account = """{ "account": { "starting_cash": 1000000 } }""";
        var layer = FormattableString.Invariant($$"""{ "limits": { "{{key}}": {{limit}} } }""");

        Assert.That(OrderRoom.Describe(Parse(Future, account), static _ => 1_000), Is.Empty);
        Assert.That(
            OrderRoom.Describe(Parse(Future, account, layer), static _ => 1_000).Single(),
            Is.EqualTo($"every order in ES will be refused: one contract at 1000 needs {expected}"));
    }

    [Test]
    public void ShouldGoByTheReferencePriceWhenThereIsOne()
    {
        var options = Parse("""{ "instruments": [ { "id": 1, "symbol": "ES", "reference_price": 4150.25 } ] }""");

        Assert.That(OrderRoom.Describe(options), Is.EqualTo(OrderRoom.Describe(options, static _ => 4_150.25m)));
        Assert.That(OrderRoom.DescribeCeilings(options), Is.Empty, "a price is known");
    }

    [TestCase("{}", "a price of 160: limits.max_position_share is 0.08")]
    [TestCase("""{ "account": { "starting_cash": 1e9 } }""", "a price of 2,865.72: limits.max_daily_var is 5,000")]
    [TestCase(
        """{ "account": { "starting_cash": 1e9 }, "limits": { "max_order_value": 100000 } }""", "a price of 2,000:")]
    public void ShouldSayUpToWhichPriceThereIsRoomWhenNoneIsKnown(string layer, string expected)
    {
        var options = Parse(Future, layer);

        var line = OrderRoom.DescribeCeilings(options).Single();

        Assert.That(line, Does.Contain($"limits leave room for one contract of ES up to {expected}"));
        var price = decimal.Parse(line.Split("a price of ")[1].Split(':')[0], CultureInfo.InvariantCulture);
        Assert.That(OrderRoom.Describe(options, _ => price), Is.Empty);
        Assert.That(OrderRoom.Describe(options, _ => price + 0.02m), Has.Count.EqualTo(1));
    }

    private static PipelineOptions Parse(params string[] layers) =>
        PipelineConfiguration.Parse(
            [.. layers.Select(layer => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(layer)))]);
}
