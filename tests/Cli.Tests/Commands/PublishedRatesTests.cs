using ExecutionPipeline.Cli.Commands;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Cli.Tests.Commands;

public sealed class PublishedRatesTests
{
    [Test]
    public void ShouldDivideByTheTimeThatItTookWhenTheMachineStalled()
    {
        var seen = new Dictionary<int, long>
        {
            [DecisionLayout.TemplateId] = 1_000,
            [PositionUpdateLayout.TemplateId] = 5,
        };

        var rates = PublishedRates.Of(seen, TimeSpan.FromSeconds(5));

        Assert.That(rates, Is.EqualTo(new PublishedRates(Signals: 200, OrderChanges: 0, Fills: 1, ElapsedS: 5)));
    }
}
