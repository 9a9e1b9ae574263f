using System.Collections.Concurrent;
using System.Text.Json;
using ExecutionPipeline.Control.Alerts;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>Notices go to a real HTTP server, which may refuse them or be away.</summary>
public sealed class WebhookSenderTests
{
    private static readonly DateTime Start = new(2026, 11, 28, 10, 0, 0, DateTimeKind.Utc);

    private static readonly AlertSettings Quick = new()
    {
        RetryFirst = TimeSpan.FromMilliseconds(10),
        RetryMax = TimeSpan.FromMilliseconds(40),
    };

    [TestCase(500)]
    [TestCase(429)]
    [TestCase(404)]
    [TestCase(302)]
    public async Task ShouldSendAgainInOrderWhenAReceiverDoesNotTakeIt(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = status;
        var taken = new ConcurrentQueue<long>();
        await using var sender = SenderTo(receiver.Address, WebhookForm.Plain, taken);
        sender.Send(NoticeOf(1));
        sender.Send(NoticeOf(2));
        for (var i = 0; i < 3; i++)
            Assert.That((await receiver.RefusedAsync()).GetProperty("notice").GetInt64(), Is.EqualTo(1));
        Assert.That(taken, Is.Empty);
        Assert.That(sender.Problem, Does.Contain($"{status}"));

        receiver.Status = 204;

        Assert.That((await receiver.TakenAsync()).GetProperty("notice").GetInt64(), Is.EqualTo(1));
        Assert.That((await receiver.TakenAsync()).GetProperty("notice").GetInt64(), Is.EqualTo(2));
        Assert.That(SpinWait.SpinUntil(() => taken.Count == 2, TimeSpan.FromSeconds(60)), Is.True);
        Assert.That((sender.Waiting, sender.Problem), Is.EqualTo((0, (string?)null)));
        Assert.That(sender.Failures, Is.GreaterThanOrEqualTo(3));
    }

    [Test]
    public async Task ShouldSayNothingOfTheAddressWhenNobodyIsThere()
    {
        Uri gone;
        await using (var receiver = await WebhookReceiver.StartAsync())
            gone = receiver.Address;
        await using var sender = SenderTo(gone, WebhookForm.Slack, []);
        sender.Send(NoticeOf(1));

        Assert.That(SpinWait.SpinUntil(() => sender.Problem is not null, TimeSpan.FromSeconds(60)), Is.True);
        Assert.That(sender.Problem, Does.Contain("ConnectionError").And.Not.Contain("hook").And.Not.Contain("127.0"));
    }

    [Test]
    public async Task ShouldWriteWhatSlackTakesWhenTheFormIsSlacks()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sender = SenderTo(receiver.Address, WebhookForm.Slack, []);
        sender.Send(NoticeOf(1));

        var post = await receiver.TakenAsync();

        Assert.That(
            post.GetProperty("text").GetString(),
            Is.EqualTo("[CRITICAL] kill_switch_latched: It is &lt;!here&gt; &amp; now."));
        var attachment = post.GetProperty("attachments")[0];
        Assert.That(attachment.GetProperty("color").GetString(), Is.EqualTo("danger"));
        Assert.That(attachment.GetProperty("fields").GetArrayLength(), Is.EqualTo(4));
    }

    [Test]
    public void ShouldTellEveryFieldOfAnAlertWhenTheFormIsPlain()
    {
        var post = JsonDocument.Parse(WebhookBody.Of(WebhookForm.Plain, NoticeOf(7))).RootElement;
        var alert = post.GetProperty("alert");
        Assert.That(post.GetProperty("state").GetString(), Is.EqualTo("firing"));
        Assert.That(alert.GetProperty("timestamp").GetString(), Is.EqualTo("2026-11-28T10:00:00.000000Z"));
        foreach (var (name, expected) in ((string, string)[])[("type", "kill_switch_latched"),
            ("severity", "critical"), ("message", "It is <!here> & now."), ("component", "execution_engine")])
            Assert.That(alert.GetProperty(name).GetString(), Is.EqualTo(expected));
    }

    private static WebhookSender SenderTo(Uri address, WebhookForm form, ConcurrentQueue<long> taken) => new(
        new AlertReceiver("receiver", address, form, static _ => true), Quick,
        (notice, _) => taken.Enqueue(notice.Number), NullLogger.Instance);

    private static AlertNotice NoticeOf(long number) => new(number, Start, NoticeState.Firing, new Alert
    {
        Id = number,
        Timestamp = Start,
        LastRaisedAt = Start,
        Type = "kill_switch_latched",
        Severity = AlertSeverity.Critical,
        Subject = "",
        Message = "It is <!here> & now.",
    });
}
