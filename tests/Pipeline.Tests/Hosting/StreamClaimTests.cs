using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

public sealed class StreamClaimTests
{
    private const string Channel = "aeron:ipc";
    private const int Stream = 1001;

    private MediaDriver _driver = null!;
    private AeronClient _first = null!;
    private AeronClient _second = null!;

    [SetUp]
    public void Launch()
    {
        _driver = MediaDriver.LaunchEmbedded();
        _first = Connect();
        _second = Connect();
    }

    [TearDown]
    public void Close()
    {
        _first.Dispose();
        _second.Dispose();
        _driver.Dispose();
    }

    [Test]
    public void ShouldRefuseASecondPipelineOnTheSameStream()
    {
        using var first = new AeronTransport(_first);
        using var second = new AeronTransport(_second);
        first.OpenInput(Channel, Stream);

        Assert.That(
            () => second.OpenInput(Channel, Stream),
            Throws.TypeOf<IOException>().With.Message.Contain("another pipeline reads stream 1001"));
        Assert.That(() => second.OpenInput(Channel, Stream + 1), Throws.Nothing, "a stream of its own");
    }

    [Test]
    public void ShouldGiveTheStreamUpWhenThePipelineEnds()
    {
        using (var first = new AeronTransport(_first))
            first.OpenInput(Channel, Stream);

        using var second = new AeronTransport(_second);
        Assert.That(() => second.OpenInput(Channel, Stream), Throws.Nothing);
    }

    [Test]
    public void ShouldNotBeRefusedForLongWhenAClientIsGone()
    {
        new AeronTransport(_first).OpenInput(Channel, Stream);
        _first.Dispose();

        using var second = new AeronTransport(_second);
        Assert.That(() => second.OpenInput(Channel, Stream), Throws.Nothing);
    }

    private AeronClient Connect() =>
        AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(_driver.AeronDirectoryName));
}
