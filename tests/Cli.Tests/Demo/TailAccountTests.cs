using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Cli.Tests.Demo;

public class TailAccountTests
{
    private const long TypicalNs = 2_000;
    private const string Partly = "less than half of it without a processor, the rest not known, in ";
    private const string Unknown = "no switch and no fault: an interrupt, the hypervisor or the code, in ";
    private const string Rest = "no switch, no fault and no interrupt: the hypervisor or the code, in ";
    private const int SignalsPerTerm = 100;

    [TestCase(1_000, 9_000, ExpectedResult = "stolen")]
    [TestCase(-50_000, 9_000, ExpectedResult = "stolen", Description = "began before the signal")]
    [TestCase(1_000, 90_000, ExpectedResult = "stolen", Description = "ended behind it")]
    [TestCase(1_000, 2_000, ExpectedResult = Partly + "risk", Description = "too short to explain it")]
    [TestCase(20_000, 90_000, ExpectedResult = Unknown + "risk", Description = "behind it")]
    public string ShouldNameTheGapWhenItExplainsHalfOfWhatIsAboveTheMedian(long fromNs, long toNs) =>
        CauseOf(Signal(0, 10_000, LatencyPart.Risk), [new ProcessorGap(fromNs, toNs, "stolen")]);

    [Test]
    public void ShouldNameTheLongestGapWhenThereAreSeveral()
    {
        ProcessorGap[] gaps =
        [
            new(100, 400, "short"), new(1_000, 9_000, "long"), new(8_000, 9_500, "another"),
        ];

        Assert.That(CauseOf(Signal(0, 10_000, LatencyPart.Risk), gaps), Is.EqualTo("long"));
    }

    [Test]
    public void ShouldNameTheSignalBeforeWhenThatOneTookTheTime()
    {
        var signal = Signal(0, 10_000, LatencyPart.Sender) with { PreviousDoneNs = 8_000 };

        Assert.That(CauseOf(signal, []), Is.EqualTo("the signal before it was not through"));
    }

    [TestCase(5_000, 0, ExpectedResult = "a fault")]
    [TestCase(5_000, 1, ExpectedResult = "a fault")]
    [TestCase(15_000, 1, ExpectedResult = "a garbage collection")]
    [TestCase(0, 0, ExpectedResult = Unknown + "transport")]
    public string ShouldNameFaultOrCollectionWhenNoGapExplainsIt(long touchNs, int collections) =>
        CauseOf(
            Signal(0, 10_000, LatencyPart.Transport) with { Collections = collections }, [],
            new PageTouch(touchNs, "a fault"));

    [TestCase(101, LatencyPart.Sender, ExpectedResult = "the stream of signals went on in its next term")]
    [TestCase(301, LatencyPart.Transport, ExpectedResult = "the stream of signals went on in its next term")]
    [TestCase(1, LatencyPart.Sender, ExpectedResult = Rest + "sender", Description = "the first term")]
    [TestCase(100, LatencyPart.Sender, ExpectedResult = Rest + "sender", Description = "a term's last")]
    [TestCase(102, LatencyPart.Sender, ExpectedResult = Rest + "sender", Description = "its second")]
    [TestCase(101, LatencyPart.Risk, ExpectedResult = Rest + "risk", Description = "lost elsewhere")]
    public string ShouldNameTheNextTermWhenTheSignalIsItsFirstAndTheStreamTookTheTime(long number, LatencyPart part) =>
        AccountOf([], []).Of([Signal(0, 10_000, part) with { Number = number }], collectionsBefore: 0).Single().Cause;

    [Test]
    public void ShouldNameNoTermWhenItIsNotKnownHowManySignalsOneHolds()
    {
        var account = new TailAccount(Typical(), [], [], TailKnowledge.Switches);

        var signal = Signal(0, 10_000, LatencyPart.Sender) with { Number = 101 };

        Assert.That(account.Of([signal], 0).Single().Cause, Is.EqualTo(Unknown + "sender"));
    }

    [TestCase(TypicalNs)]
    [TestCase(TypicalNs / 2)]
    public void ShouldNameNoCauseWhenTheSignalIsNotAboveTheMedian(long latencyNs) =>
        Assert.That(
            CauseOf(Signal(0, latencyNs, LatencyPart.Risk), [new ProcessorGap(0, latencyNs, "stolen")]),
            Is.EqualTo("nothing: half of all signals take as long"));

    [Test]
    public void ShouldClaimNothingOfTheKernelWhenItsRecordCouldNotBeHad()
    {
        var account = new TailAccount(Typical(), [], [], TailKnowledge.Nothing);

        var cause = account.Of([Signal(0, 10_000, LatencyPart.Ring)], collectionsBefore: 0).Single();

        Assert.That(cause.Cause, Is.EqualTo("not known, in ring"));
    }

    [Test]
    public void ShouldCountEachSignalOnceWhenCausesAreSummedUp()
    {
        var account = AccountOf([new ProcessorGap(0, 9_000, "stolen")], []);

        var causes = account.Of(
            [
                Signal(0, 10_000, LatencyPart.Risk),
                Signal(100_000, 20_000, LatencyPart.Risk) with { Collections = 1 },
                Signal(200_000, 30_000, LatencyPart.Ring) with { Collections = 1 },
                Signal(300_000, 40_000, LatencyPart.Ring) with { Collections = 1 },
                Signal(400_000, 60_000, LatencyPart.Ring) with { Collections = 1 },
            ],
            collectionsBefore: 0);

        Assert.That(
            causes.Select(static cause => (cause.Cause.Split(' ')[^1], cause.Signals, cause.MedianNs, cause.MaxNs)),
            Is.EqualTo(new[]
            {
                ("ring", 3L, 40_000L, 60_000L), ("collection", 1L, 20_000L, 20_000L), ("stolen", 1L, 10_000L, 10_000L),
            }));
    }

    private static string CauseOf(SlowSignal signal, ProcessorGap[] gaps, params PageTouch[] touches) =>
        new TailAccount(Typical(), gaps, touches, TailKnowledge.Switches)
            .Of([signal], collectionsBefore: 0).Single().Cause;

    private static TailAccount AccountOf(ProcessorGap[] gaps, PageTouch[] touches) =>
        new(Typical(), gaps, touches, TailKnowledge.SwitchesAndInterrupts) { SignalsPerTerm = SignalsPerTerm };

    private static LatencyReadings Typical()
    {
        LatencyReadings typical = default;
        typical[(int)LatencyPart.EndToEnd] = TypicalNs;
        return typical;
    }

    private static SlowSignal Signal(long intendedNs, long latencyNs, LatencyPart part)
    {
        var parts = Typical();
        parts[(int)LatencyPart.EndToEnd] = latencyNs;
        parts[(int)part] = latencyNs - TypicalNs;
        return new SlowSignal(1, intendedNs, 0, 0, parts);
    }
}
