using System.Buffers.Binary;
using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Tests.Replay;

/// <summary>A difference in the outbound bytes is told by event, message and field.</summary>
public sealed class FirstDifferenceTests
{
    private string _folder = "";
    private byte[] _outbound = [];

    private string Journal => Path.Combine(_folder, "journal");

    private string Expected => Path.Combine(_folder, "expected");

    [OneTimeSetUp]
    public void Record()
    {
        _folder = Directory.CreateTempSubdirectory("xp-difference-").FullName;
        BacktestJournal.Write(Journal);
        var (code, text) = Replay(Options() with { OutputFile = Expected, IsVerified = true });
        Assert.That(code, Is.EqualTo(ExitCode.Done), text);
        Assert.That(text, Does.Contain("the results are those of the journal up to event"));
        _outbound = File.ReadAllBytes(Expected);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(Topology.Inline)]
    [TestCase(Topology.Pipelined)]
    public void ShouldNameTheFieldWhenAMessageDiffers(Topology topology)
    {
        var (start, length) = MessageOf("DECISION", skip: 5);
        var changed = (byte[])_outbound.Clone();
        var at = start + sizeof(int) + MessageHeader.SizeBytes + DecisionLayout.QuantityOffset;
        changed[at] ^= 1;
        File.WriteAllBytes(Expected, changed);

        var (code, text) = Replay(Options() with { CompareFile = Expected, Topology = topology });

        var difference = Difference();
        var rows = difference.GetProperty("fields").EnumerateArray()
            .Where(static field => field.GetProperty("is_different").GetBoolean()).ToArray();
        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(rows, Has.Length.EqualTo(1));
        Assert.That(rows[0].GetProperty("name").GetString(), Is.EqualTo("quantity"));
        var quantity = BinaryPrimitives.ReadInt32LittleEndian(
            _outbound.AsSpan(start + sizeof(int) + MessageHeader.SizeBytes + DecisionLayout.QuantityOffset));
        Assert.That(rows[0].GetProperty("replayed").GetString(), Is.EqualTo($"{quantity}"));
        Assert.That(rows[0].GetProperty("expected").GetString(), Is.EqualTo($"{quantity ^ 1}"));
        Assert.That(difference.GetProperty("replayed").GetString(), Is.EqualTo("DECISION"));
        Assert.That(DecisionDecoder.TryWrap(_outbound.AsSpan(start + sizeof(int), length), out var decision));
        Assert.That(
            difference.GetProperty("event").EnumerateArray().ToDictionary(
                static one => one.GetProperty("key").GetString()!, static one => $"{one.GetProperty("value")}"),
            Does.ContainKey("signal_id").WithValue($"{decision.SignalId}").And.ContainKey("sequence")
                .WithValue($"{difference.GetProperty("event_sequence")}"));
        Assert.That(text, Does.Contain($"differs from {Expected} at byte {at}").And.Contain("kind=trade_qualified"));
        Assert.That(text.Split('\n').Count(static line => line.Contains(" * ")), Is.EqualTo(1), text);
    }

    [Test]
    public void ShouldNotSayThatItIsVerifiedWhenNoCheckpointWasCompared()
    {
        var (code, text) = Replay(Options() with { Until = 100, IsVerified = true });

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(text, Does.Contain("nothing was verified"));
    }

    [Test]
    public void ShouldShowTheMissingMessageWhenOneStreamEndsSooner()
    {
        var (start, _) = MessageOf("DECISION", skip: 7);
        File.WriteAllBytes(Expected, _outbound[..start]);
        Replay(Options() with { CompareFile = Expected });
        Assert.That(Difference().GetProperty("replayed").GetString(), Is.EqualTo("DECISION"));
        Assert.That(Difference().GetProperty("expected").ValueKind, Is.EqualTo(JsonValueKind.Null));

        var (first, length) = MessageOf("DECISION", skip: 0);
        File.WriteAllBytes(Expected, [.. _outbound, .. _outbound.AsSpan(first, sizeof(int) + length)]);
        var (code, text) = Replay(Options() with { CompareFile = Expected });
        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(text, Does.Contain("the replay sent none"));
        Assert.That(Difference().GetProperty("expected").GetString(), Is.EqualTo("DECISION"));
    }

    /// <summary>Else the message of a later event would stand beside itself, and no field would differ.</summary>
    [Test]
    public void ShouldSayThatTheReplaySentNoneWhenItStopsBeforeTheMessage()
    {
        var (start, _) = MessageOf("DECISION", skip: 7);
        File.WriteAllBytes(Expected, _outbound[..start]);
        Replay(Options() with { CompareFile = Expected });
        var (message, until) = (Difference().GetProperty("message"), Difference().GetProperty("event_sequence"));
        File.WriteAllBytes(Expected, _outbound);

        var (code, text) = Replay(Options() with { CompareFile = Expected, Until = until.GetInt64() });

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(text, Does.Contain("the replay sent none"));
        Assert.That(Difference().GetProperty("message").GetInt64(), Is.EqualTo(message.GetInt64()));
        Assert.That(Difference().GetProperty("replayed").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(Difference().GetProperty("expected").GetString(), Is.EqualTo("DECISION"));
    }

    [Test]
    public void ShouldSayThatTheyAreNoMessagesWhenTheFileIsOfAnotherKind()
    {
        File.WriteAllText(Expected, "this is no file of messages");

        var (code, text) = Replay(Options() with { CompareFile = Expected });

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(text, Does.Contain("the first difference is message 0"));
        Assert.That(Difference().GetProperty("fields").EnumerateArray().Any(
            static field => field.GetProperty("name").GetString() == "bytes"));
    }

    private ReplayOptions Options() => new()
    {
        JournalFolder = Journal,
        Inference = InferenceChoice.Rules,
        JsonFile = Path.Combine(_folder, "figures.json"),
    };

    private JsonElement Difference()
    {
        using var figures = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "figures.json")));
        return figures.RootElement.GetProperty("first_difference").Clone();
    }

    private static (int Code, string Text) Replay(ReplayOptions options) =>
        BacktestJournal.Run(console => ReplayRunner.RunAsync(options, console, default));

    /// <summary>Where a message lies, with its length before it.</summary>
    private (int Start, int Length) MessageOf(string name, int skip)
    {
        for (var at = 0; at < _outbound.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(_outbound.AsSpan(at));
            if (WireFields.Of(_outbound.AsSpan(at + sizeof(int), length))!.Value.Name == name && skip-- == 0)
                return (at, length);

            at += sizeof(int) + length;
        }

        throw new InvalidOperationException($"there are too few messages {name}");
    }
}
