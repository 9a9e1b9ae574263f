using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>
/// What a call to add something leaves at the driver when it throws. A subscriber that nobody knows of would never
/// read, and so stop the stream's publishers.
/// </summary>
public sealed class FailedAddTests : StepTestBase
{
    private const string Refused = "aeron:udp?endpoint=localhost:40123";
    private const string Label = "of nobody";
    private const int ErrorsCounterId = 15;

    private bool _isErrorThrown;

    [SetUp]
    public void ThrowNothing() => _isErrorThrown = false;

    [Test]
    public void ShouldLeaveNoSubscriptionWhenAnotherErrorEndsTheWait()
    {
        var publication = ConnectStepped().AddPublication(Channel, StreamId);
        var client = ConnectThrowing();
        Assert.That(() => client.AddSubscription("aeron:ipc", StreamId), Throws.TypeOf<TimeZoneNotFoundException>());

        AssertUnharmed(client);
        Assert.That(publication.IsConnected, Is.False);
    }

    [Test]
    public void ShouldLeaveNoPublicationWhenAnotherErrorEndsTheWait()
    {
        var subscription = ConnectStepped().AddSubscription("aeron:ipc", StreamId);
        var client = ConnectThrowing();
        Assert.That(() => client.AddPublication(Channel, StreamId), Throws.TypeOf<TimeZoneNotFoundException>());

        AssertUnharmed(client);
        Assert.That(subscription.ImageCount, Is.Zero);
    }

    [Test]
    public void ShouldLeaveNoCounterWhenAnotherErrorEndsTheWait()
    {
        var client = ConnectThrowing();
        Assert.That(() => client.AddCounter(1001, Label), Throws.TypeOf<TimeZoneNotFoundException>());

        AssertUnharmed(client);
        var labels = new List<string>();
        client.CountersReader.ForEach((_, _, _, label) => labels.Add(label));
        Assert.That(labels, Is.Not.Empty);
        Assert.That(labels, Has.None.StartsWith(Label));
    }

    [Test]
    public void ShouldLeaveNothingWhenTheDriverAnswersTooLate()
    {
        var publication = ConnectStepped().AddPublication(Channel, StreamId);
        var client = Connect(context => context
            .UseConductorAgentInvoker(true)
            .DriverTimeoutMs(3000)
            .AwaitingIdleStrategy(new PassingTime(this))
            .EpochClock(Clock)
            .NanoClock(Clock));
        Assert.That(() => client.AddSubscription("aeron:ipc", StreamId), Throws.TypeOf<DriverTimeoutException>());

        Step();
        client.ConductorAgentInvoker!.Invoke();
        Assert.That(client.IsClosed, Is.False);
        Assert.That(publication.IsConnected, Is.False);
        Assert.That(client.CountersReader.GetCounterValue(ErrorsCounterId), Is.Zero);
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public void ShouldRemoveNothingWhenTheDriverRefuses()
    {
        var client = ConnectStepped();
        Assert.That(() => client.AddSubscription(Refused, StreamId), Throws.TypeOf<RegistrationException>());
        Step();
        Assert.That(client.CountersReader.GetCounterValue(ErrorsCounterId), Is.EqualTo(1));
        Assert.That(Errors, Is.Empty);
    }

    /// <summary>A client whose error handler is about to throw, in whatever call meets the error.</summary>
    private AeronClient ConnectThrowing()
    {
        var client = ConnectStepped(context => context.ErrorHandler(new CallbackErrorHandler(exception =>
        {
            Record(exception);
            if (_isErrorThrown)
                throw new TimeZoneNotFoundException("from the handler", exception);
        })));
        client.AddSubscription("aeron:ipc", StreamId + 1).AsyncAddDestination(Refused);
        _isErrorThrown = true;
        return client;
    }

    private void AssertUnharmed(AeronClient client)
    {
        _isErrorThrown = false;
        Pass(TimeSpan.FromSeconds(3));
        Assert.That(client.IsClosed, Is.False);
        Assert.That(client.HasActiveCommands(), Is.False);
        Assert.That(Errors.Single(), Is.TypeOf<RegistrationException>(), "the refusal of the destination");
        Assert.That(client.CountersReader.GetCounterValue(ErrorsCounterId), Is.EqualTo(1));
    }

    private sealed class PassingTime(FailedAddTests test) : IIdleStrategy
    {
        public void Idle(int workCount) => Idle();

        public void Idle() => test.Advance(TimeSpan.FromMilliseconds(600));

        public void Reset()
        {
        }
    }
}
