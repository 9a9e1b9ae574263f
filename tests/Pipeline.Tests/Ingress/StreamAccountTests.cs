using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

[TestFixture]
public sealed class StreamAccountTests
{
    [Test]
    public void ShouldNameNobodyWhenNothingHasComeIn() => Assert.That(new StreamAccount(1).Senders, Is.Empty);

    [Test]
    public void ShouldTellSendersApartWhenTheyTakeTurns()
    {
        var account = new StreamAccount(1001);
        foreach (var session in (int[])[7, -3, 7, 7, -3, 9])
            account.CountReceived(session);
        account.CountRefused(RejectReason.NotFinite);
        account.CountReceived(7);
        account.CountRefused(RejectReason.MissingId);

        Assert.That(account.Senders, Is.EqualTo(new[]
        {
            new SenderCounts(7, 4, 1), new SenderCounts(-3, 2, 0), new SenderCounts(9, 1, 1),
        }));
        Assert.That(account.RefusedFor(RejectReason.NotFinite), Is.EqualTo(1));
        Assert.That(account.RefusedFor(RejectReason.OutOfRange), Is.Zero);
    }

    [Test]
    public void ShouldLoseNoMessageWhenThereAreMoreSendersThanPlaces()
    {
        var account = new StreamAccount(1001);
        for (var session = 0; session < StreamAccount.MaxSenders + 5; session++)
            account.CountReceived(session);
        account.CountReceived(0);

        Assert.That(account.Senders, Has.Count.EqualTo(StreamAccount.MaxSenders + 1));
        Assert.That(account.Senders[0], Is.EqualTo(new SenderCounts(0, 2, 0)));
        Assert.That(account.Senders[^1], Is.EqualTo(new SenderCounts(null, 5, 0)));
    }
}
