using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class AsyncCommandTests : StepTestBase
{
    private const int TypeId = 1001;

    [Test]
    public void ShouldAddACounterWithoutWaiting()
    {
        var aeron = ConnectStepped();
        var key = new UnsafeBuffer(new byte[] { 9, 1, 2, 3 });
        var label = new UnsafeBuffer("my label"u8.ToArray());
        var id = aeron.AsyncAddCounter(TypeId, key, 1, 3, label, 3, 5);
        Assert.That(aeron.GetCounter(id), Is.Null);
        Assert.That(aeron.HasActiveCommands(), Is.True);
        Step();
        var counter = aeron.GetCounter(id)!;
        Assert.That(aeron.HasActiveCommands(), Is.False);
        Assert.That((counter.CorrelationId, counter.RegistrationId, counter.IsStatic), Is.EqualTo((id, id, false)));
        Assert.That(aeron.CountersReader.GetCounterLabel(counter.Id), Is.EqualTo("label"));
        var keyOffset = CountersDescriptor.MetaDataOffset(counter.Id) + CountersDescriptor.KeyOffset;
        Assert.That(
            aeron.CountersReader.MetaDataBuffer.AsSpan(keyOffset, 3).ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void ShouldAddAStaticCounterWithoutWaiting()
    {
        var aeron = ConnectStepped();
        var id = aeron.AsyncAddStaticCounter(TypeId, "kept", 77);
        Step();
        var counter = aeron.GetCounter(id)!;
        Assert.That((counter.CorrelationId, counter.RegistrationId, counter.IsStatic), Is.EqualTo((id, 77L, true)));
        counter.Dispose();
        Step();
        var view = new Counter(aeron.CountersReader, counter.Id);
        Assert.That((view.RegistrationId, view.CorrelationId), Is.EqualTo((77L, -1L)));
        using var readable = new ReadableCounter(aeron.CountersReader, 77, counter.Id);
        view.Set(5);
        Assert.That((readable.Get(), readable.GetPlain(), readable.Label), Is.EqualTo((5L, 5L, "kept")));
        Assert.That(() => new Counter(aeron.CountersReader, counter.Id + 100), Throws.TypeOf<AeronException>());
    }

    [Test]
    public void ShouldThrowOnceWhenTheDriverRefusesWhatNobodyWaitsFor()
    {
        var aeron = ConnectStepped();
        var id = aeron.AsyncAddPublication("aeron:ipc?mtu=100", StreamId);
        Step();
        Assert.That(() => aeron.GetPublication(id), Throws.TypeOf<RegistrationException>());
        Assert.That(aeron.GetPublication(id), Is.Null);
    }

    [Test]
    public void ShouldThrowOnceWhenTheDriverRefusesACounterThatNobodyWaitsFor()
    {
        var aeron = ConnectStepped();
        var mortal = aeron.AddCounter(TypeId, "not static");
        var id = aeron.AsyncAddStaticCounter(TypeId, "taken", mortal.RegistrationId);
        Step();
        Assert.That(() => aeron.GetCounter(id), Throws.TypeOf<RegistrationException>());
        Assert.That(aeron.GetCounter(id), Is.Null);
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public void ShouldRemoveByRegistrationWithoutWaiting()
    {
        var aeron = ConnectStepped();
        var publication = aeron.AddPublication(Channel, StreamId);
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var counter = aeron.AddCounter(TypeId, "x");
        Assert.That(
            () => aeron.AsyncRemovePublication(subscription.RegistrationId),
            Throws.TypeOf<AeronException>().With.Message.Contain("not a Publication: Subscription"));
        aeron.AsyncRemovePublication(publication.RegistrationId);
        aeron.AsyncRemoveSubscription(subscription.RegistrationId);
        aeron.AsyncRemoveCounter(counter.CorrelationId);
        aeron.AsyncRemoveCounter(-1);
        aeron.AsyncRemoveCounter(123_456);
        Assert.That((publication.IsClosed, subscription.IsClosed, counter.IsClosed), Is.EqualTo((true, true, true)));
        Step();
        Assert.That(aeron.HasActiveCommands(), Is.False);
        Assert.That(
            aeron.CountersReader.GetCounterState(counter.Id), Is.EqualTo(CountersDescriptor.RecordReclaimed));
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public void ShouldForgetWhatIsRemovedBeforeItIsReady()
    {
        var aeron = ConnectStepped();
        var publicationId = aeron.AsyncAddExclusivePublication(Channel, StreamId);
        var subscriptionId = aeron.AsyncAddSubscription("aeron:ipc", StreamId, null, null);
        aeron.AsyncRemovePublication(publicationId);
        aeron.AsyncRemoveSubscription(subscriptionId);
        Step();
        Assert.That(aeron.GetExclusivePublication(publicationId), Is.Null);
        Assert.That(aeron.GetSubscription(subscriptionId), Is.Null);
        Assert.That(aeron.HasActiveCommands(), Is.False);
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public void ShouldCloseCountersWhenTheClientCloses()
    {
        var aeron = ConnectStepped();
        var gone = new List<int>();
        aeron.AddUnavailableCounterHandler((_, _, counterId) => gone.Add(counterId));
        var counter = aeron.AddCounter(TypeId, "x");
        counter.SetRelease(1);
        var id = aeron.AsyncAddCounter(TypeId, "never answered");
        aeron.Dispose();
        Assert.That(aeron.IsCommandActive(id), Is.False);
        Assert.That(aeron.HasActiveCommands(), Is.False);
        Assert.That(counter.IsClosed, Is.True);
        Assert.That(gone, Is.EqualTo(new[] { counter.Id }));
    }

    [Test]
    public void ShouldRemoveAHandlerByItself()
    {
        var aeron = ConnectStepped();
        var calls = 0;
        AvailableCounterHandler onCounter = (_, _, _) => calls++;
        Action onClose = () => calls++;
        aeron.AddAvailableCounterHandler(onCounter);
        aeron.AddCloseHandler(onClose);
        Assert.That(aeron.RemoveAvailableCounterHandler(onCounter), Is.True);
        Assert.That(aeron.RemoveAvailableCounterHandler(onCounter), Is.False);
        Assert.That(aeron.RemoveUnavailableCounterHandler((_, _, _) => { }), Is.False);
        Assert.That(aeron.RemoveCloseHandler(onClose), Is.True);
        aeron.AddCounter(TypeId, "x");
        aeron.Dispose();
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void ShouldPassOnThatTheDriverRefusesDestinations()
    {
        var aeron = ConnectStepped();
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        const string destination = "aeron:udp?endpoint=localhost:40123";
        foreach (var refused in (Action[])
                 [
                     () => publication.AddDestination(destination),
                     () => publication.RemoveDestination(destination),
                     () => publication.RemoveDestination(5),
                     () => subscription.AddDestination(destination),
                     () => subscription.RemoveDestination(destination),
                 ])
        {
            Assert.That(
                () => refused(),
                Throws.TypeOf<RegistrationException>()
                    .With.Matches<RegistrationException>(refusal => refusal.ErrorCode() == ErrorCode.NOT_SUPPORTED));
        }

        foreach (var command in (Func<long>[])
                 [
                     () => publication.AsyncAddDestination(destination),
                     () => publication.AsyncRemoveDestination(destination),
                     () => publication.AsyncRemoveDestination(5),
                     () => subscription.AsyncAddDestination(destination),
                     () => subscription.AsyncRemoveDestination(destination),
                 ])
        {
            var id = command();
            Step();
            Assert.That(aeron.IsCommandActive(id), Is.False);
            Assert.That(Errors.OfType<RegistrationException>().Last().CorrelationId(), Is.EqualTo(id));
        }

        publication.Dispose();
        Assert.That(() => publication.AddDestination(destination), Throws.TypeOf<AeronException>());
    }

    [Test]
    public void ShouldGiveTheChannelAsItWasAskedForWhenThereIsNoPort()
    {
        var subscription = ConnectStepped().AddSubscription("aeron:ipc", StreamId);
        Assert.That(subscription.TryResolveChannelEndpointPort(), Is.EqualTo("aeron:ipc"));
        Assert.That(subscription.ResolvedEndpoint, Is.Null);
        Assert.That(subscription.LocalSocketAddresses, Is.Empty);
        Assert.That(subscription.ChannelStatus, Is.EqualTo(ChannelEndpointStatus.ACTIVE));
    }
}
