using ExecutionPipeline.Disruptor.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ExecutionPipeline.Disruptor.Tests.Model;

/// <summary>Any sequence of calls has the same results on a sequencer and on the naive model.</summary>
[TestFixture(ProducerType.Single)]
[TestFixture(ProducerType.Multi)]
public sealed class SequencerModelTests(ProducerType producerType)
{
    private const int ProgramCount = 500;

    [Test]
    public void ShouldAnswerAsTheModelDoesWhateverIsCalled()
    {
        var seed = TestSeed.Next();
        var config = Config.QuickThrowOnFailure
            .WithMaxTest(ProgramCount)
            .WithEndSize(400)
            .WithReplay((ulong)seed, 1UL);

        Prop.ForAll<byte[]>(program => new ModelRun(producerType).Run(program)).Check(config);
    }

    [Test]
    public void ShouldDifferFromTheModelWhenTheModelIsWrong()
    {
        // Claims one more than there is room for: the comparison must notice.
        var run = new ModelRun(producerType, modelBufferSize: 16);
        byte[] addConsumerAndClaimTwelve = [5, 0, 11, 0, 11, 0, 11];

        Assert.That(() => run.Run(addConsumerAndClaimTwelve), Throws.Exception);
    }
}
