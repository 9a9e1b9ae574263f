using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Daemon.Tests;

/// <summary>What a log does where its lines cannot be written.</summary>
public sealed class DaemonLogTests
{
    [Test]
    public void ShouldGoOnAndCountWhatIsMissingWhenALineCannotBeWritten()
    {
        using var output = new FullDisk { HasRoom = false };
        var log = new DaemonLog(output, isJson: false);

        log.Write(LogLevel.Warning, "kill", "the kill switch is latched");
        log.Write(LogLevel.Warning, "release", "the kill switch is released");
        output.HasRoom = true;
        log.Write(LogLevel.Info, "end", "0 orders working");
        log.Write(LogLevel.Info, "end", "0 orders working");

        Assert.That(output.Lines, Has.Count.EqualTo(3));
        Assert.That(output.Lines[0], Does.Contain("warning log      2 lines could not be written: no room"));
        Assert.That(output.Lines.Skip(1), Has.All.Contains("0 orders working"));
    }

    private sealed class FullDisk : StringWriter
    {
        public bool HasRoom { get; set; }

        public List<string> Lines { get; } = [];

        public override void WriteLine(string? value)
        {
            if (!HasRoom)
                throw new IOException("no room");
            Lines.Add(value!);
        }
    }
}
