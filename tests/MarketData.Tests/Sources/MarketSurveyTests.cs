using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Sources;

public class MarketSurveyTests
{
    private const long TickE9 = 250_000_000;

    [Test]
    public void ShouldFollowOneAfterTheOtherWhenInstrumentsDoNotOverlap()
    {
        var survey = Survey(Of(1, 1, 1, 2, 2, 3));
        Assert.That(
            survey.Instruments.Select(i => (i.Id, i.Records)), Is.EqualTo(new[] { (1u, 3L), (2u, 2L), (3u, 1L) }));
        Assert.That(survey.Choice(), Is.EqualTo(new[] { 1u, 2u, 3u }));
    }

    [Test]
    public void ShouldFollowTheBusiestWhenInstrumentsOverlap() =>
        Assert.That(Survey(Of(1, 2, 2, 1, 2, 3)).Choice(), Is.EqualTo(new[] { 2u }));

    [Test]
    public void ShouldCountPricesOffTheTickWhenTheyAreOfAnotherInstrument()
    {
        var instrument = Survey(new DbnFileBuilder()
            .Add(MboAction.Clear, MboSide.None, 0, MboRecord.NoPrice, 0)
            .Add(MboAction.Add, MboSide.Bid, 1, 199_990_000_000, 5, MboFlags.None)
            .Add(MboAction.Add, MboSide.Ask, 2, 200_000_000_000, 5, MboFlags.None)
            .Add(MboAction.Trade, MboSide.Bid, 9, 200_020_000_000, 5)).Instruments.Single();
        Assert.That(
            (instrument.Prices, instrument.PricesOffTick, instrument.StepE9), Is.EqualTo((3L, 2L, 10_000_000L)));
        Assert.That((instrument.Trades, instrument.EventEnds), Is.EqualTo((1L, 2L)));
    }

    [Test]
    public void ShouldSayWhereItEndsWhenTheFileIsCutOff()
    {
        var survey = Survey(Of(1, 1).AddRaw(14, 0xA0));
        Assert.That(survey.Problem, Does.Contain("after 2 bytes of a record's header"));
        Assert.That(survey.Records, Is.EqualTo(2));
    }

    [Test]
    public void ShouldStopWhenTheFileIsLong()
    {
        using var reader = Of(1, 1, 1, 1).Open();
        var survey = MarketSurvey.Of(reader, TickE9, recordsMax: 3);
        Assert.That((survey.Records, survey.HasMore, survey.Problem), Is.EqualTo((3L, true, (string?)null)));
    }

    private static DbnFileBuilder Of(params uint[] instrumentIds)
    {
        var file = new DbnFileBuilder();
        foreach (var id in instrumentIds)
            file.Add(MboAction.Add, MboSide.Bid, 1, TickE9 * 400, 5, instrumentId: id);

        return file;
    }

    private static MarketSurvey Survey(DbnFileBuilder file)
    {
        using var reader = file.Open();
        return MarketSurvey.Of(reader, TickE9);
    }
}
